/** Raises alarms of a broker's memory and disk by setting their limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '../rabbitmq/evaluate.ts';

type Alarm = 'memory' | 'disk';

/** The expressions that raise and end each alarm. */
const EXPRESSIONS: Readonly<Record<Alarm, readonly [raise: string, end: string]>> = {
  memory: [memoryLimit('0.000001'), memoryLimit('0.6')],
  disk: [diskLimit('1000000GB'), diskLimit('500MB')],
};

function memoryLimit(fraction: string): string {
  return `vm_memory_monitor:set_vm_memory_high_watermark(${fraction}).`;
}

function diskLimit(size: string): string {
  return `rabbit_disk_monitor:set_disk_free_limit("${size}").`;
}

/** Raises an alarm of the data folder's private broker; resolves to the function that ends it. */
export async function raiseAlarm(home: string, alarm: Alarm): Promise<() => Promise<void>> {
  const [raise, end] = EXPRESSIONS[alarm];
  await onPrivate(home, raise);
  return () => onPrivate(home, end);
}

async function onPrivate(home: string, expression: string): Promise<void> {
  const { node, ports } = JSON.parse(readFileSync(join(home, 'rabbitmq.json'), 'utf8')) as {
    node: string;
    ports: { epmd: number };
  };
  const { PATH } = process.env;
  const env = {
    PATH,
    HOME: join(home, 'rabbitmq'),
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: ports.epmd.toString(),
  };
  await evaluate({ node, env }, expression);
}
