/** A port is chosen once, also by processes that choose at the same time. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { choosePorts, claimPort, freePort } from '../../../infra/host/ports.ts';

const PORTS = fileURLToPath(new URL('../../../infra/host/ports.js', import.meta.url));

/** Another process that chooses ports and holds them until it ends. `answer` is its output. */
async function elsewhere(
  expression: string,
): Promise<{ readonly answer: string; readonly end: () => Promise<void> }> {
  const script = `import { claimPort, freePort } from ${JSON.stringify(`file://${PORTS}`)};
    console.log(await ${expression});
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [answer] = (await child.stdout.take(1).toArray()) as readonly Buffer[];
  return {
    answer: answer?.toString().trim() ?? '',
    end: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('a chosen port', () => {
  test('cannot be claimed by another process', async () => {
    const port = await freePort();
    const other = await elsewhere(`claimPort(${port})`);
    await other.end();
    expect(other.answer).toBe('false');
  });

  test('is free again when the process that claimed it was killed', async () => {
    const other = await elsewhere('freePort()');
    const port = Number(other.answer);
    expect(port).toBeGreaterThan(0);
    expect(await claimPort(port)).toBe(false);
    await other.end();
    expect(await claimPort(port)).toBe(true);
  });

  test('can be claimed again by the process that has it', async () => {
    const port = await freePort();
    expect(await choosePorts(['amqp'], { amqp: port })).toEqual({ amqp: port });
  });

  test('is none of the ports of outgoing connections', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(new Set(ports).size).toBe(20);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  test('is another one if the remembered one is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { amqp } = await choosePorts(['amqp'], { amqp: port });
    server.close();
    expect(amqp).not.toBe(port);
  });
});
