/** What only the broker's own command line can do to it: alarms of memory and disk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { control } from '../rabbitmq/control.ts';

export type Alarm = 'memory' | 'disk';

/** In each case: the command that raises the alarm, and the one that ends it. */
const COMMANDS: Readonly<Record<Alarm, readonly [raise: string[], end: string[]]>> = {
  memory: [
    ['set_vm_memory_high_watermark', '0.000001'],
    ['set_vm_memory_high_watermark', '0.6'],
  ],
  disk: [
    ['set_disk_free_limit', '1000000GB'],
    ['set_disk_free_limit', '500MB'],
  ],
};

/** Raises an alarm of the data folder's private broker; the function that is given ends it. */
export async function raiseAlarm(home: string, alarm: Alarm): Promise<() => Promise<void>> {
  const [raise, end] = COMMANDS[alarm];
  await controlPrivate(home, raise);
  return () => controlPrivate(home, end);
}

async function controlPrivate(home: string, args: readonly string[]): Promise<void> {
  const { cookie, node, ports } = JSON.parse(readFileSync(join(home, 'rabbitmq.json'), 'utf8')) as {
    cookie: string;
    node: string;
    ports: { epmd: number };
  };
  const { PATH } = process.env;
  const env = { PATH, HOME: home, LANG: 'C.UTF-8', ERL_EPMD_PORT: ports.epmd.toString() };
  await control({ node, cookie, env }, args);
}
