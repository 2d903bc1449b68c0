/** The producers of a run: one that sends a workload and may die and go on, and one of single writes. */
import { openPacker } from '../../producers/workload/packer.ts';
import { openSender, type Sender } from '../../producers/workload/sender.ts';
import type { Answered } from '../../shared/amqp/command-desk.ts';
import { instant } from '../../shared/domain/time.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { ownQueuesOf } from './consume.ts';
import type { Parts } from './parts.ts';
import type { SimulatedProcess } from './process.ts';
import type { ScriptLine } from './script.ts';

export const RUN_STREAM = 'run:simulated';
const PACK_MAX = 16;
const WRITE_DEADLINE_MS = 10_000;

export type Producing = {
  readonly lines: readonly ScriptLine[];
  readonly onAnswer: (answered: Answered) => void;
  /** Whether everything is sent and answered. */
  readonly onDone: () => void;
};

const openSenderOn = (
  process: SimulatedProcess,
  { broker, settings }: Parts,
  onAnswer: (answered: Answered) => void,
): Promise<Sender> =>
  openSender({
    name: process.name,
    publisher: broker.publisherOf(process),
    openOwnQueue: ownQueuesOf(process, broker),
    timers: process.timers,
    shardCount: settings.shardCount,
    onAnswer,
    log: process.log,
  });

/** Starts the run, or continues it from the stored positions with packs of another size. */
export async function runWorkload(
  process: SimulatedProcess,
  parts: Parts,
  { lines, onAnswer, onDone }: Producing,
): Promise<void> {
  const { faults, database } = parts;
  const sender = await openSenderOn(process, parts, onAnswer);
  await process.step('read positions');
  const done = database.positions(RUN_STREAM);
  const size = 1 + faults.random.below(PACK_MAX);
  const packer = openPacker({ stream: RUN_STREAM, size, done });
  for (const { user, number, command } of lines) {
    const full = packer.add(user, { number, command });
    if (full !== undefined) await sender.send(full);
    if (faults.random.below(4) === 0) await process.step('think', 600);
    if (faults.random.below(20) > 0) continue;
    for (const message of packer.flush()) await sender.send(message);
  }
  for (const message of packer.flush()) await sender.send(message);
  await sender.answered();
  onDone();
}

/** Sends each line as a stream of its own with a key and a deadline, like a write from the browser. */
export async function runWrites(
  process: SimulatedProcess,
  parts: Parts,
  {
    lines,
    onAnswer,
    onDone,
    onSend,
  }: Producing & { readonly onSend: (message: UserCommands) => void },
): Promise<void> {
  const sender = await openSenderOn(process, parts, onAnswer);
  for (const { user, number, command } of lines) {
    await process.step('think', 1_500);
    const message: UserCommands = {
      type: 'commands',
      user,
      stream: `web:${number}`,
      position: 1,
      commands: [{ number, command }],
      administrator: false,
      deadline: instant(parts.database.now() + WRITE_DEADLINE_MS),
      bodyHash: `hash of ${number}`,
      key: { owner: user, name: number.toString() },
      again: false,
    };
    onSend(message);
    await sender.send(message);
  }
  await sender.answered();
  onDone();
}
