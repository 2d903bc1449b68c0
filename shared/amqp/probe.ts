/** Whether a broker answers. */
import { connect } from 'amqplib';

export async function probeBroker(url: string): Promise<void> {
  const connection = await connect(url, { timeout: 2_000 });
  connection.on('error', () => undefined);
  await connection.close();
}
