/** `daytrade send`: one command by hand, and its answer. */
import type { Command } from 'commander';
import { openSender, type Answered } from '../../producers/workload/sender.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { instant } from '../../shared/domain/time.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { takeNumber } from '../../shared/pg/transaction-numbers.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openTracer, type Tracer } from '../../shared/runtime/tracing.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';
import { openCliLogger } from './log.ts';
import { withRunningSystem } from './running-system.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';

/** Decided later than this it is rejected: SPEC §3.3. */
const DEADLINE_MS = 10_000;
/** A dump may take longer than its being taken on. */
const ANSWER_MAX_MS = 30_000;

export function registerSend(program: Command): void {
  program
    .command('send')
    .description('send one command to a running system and print its answer')
    .argument('<command>', "such as 'BUY,alice,ABC,100.00'; SPEC §3 has them all")
    .action(async (text: string) => {
      const config = readConfig(process.env);
      const parsed = parseCommandText(text);
      if (parsed.type !== 'command') {
        throw new UsageError(parsed.type === 'unreadable' ? parsed.reason : parsed.command.reason);
      }
      const log = openCliLogger(config, 'send');
      const tracer = await openTracer('send', config);
      const { answer } = await withRunningSystem(config, (system) =>
        send(system, parsed, { tracer, log }),
      ).finally(() => tracer?.close());
      const [outcome] = answer.outcomes;
      process.stdout.write(`${JSON.stringify(outcome, undefined, 2)}\n`);
    });
}

type Parsed = Extract<ReturnType<typeof parseCommandText>, { type: 'command' }>;

async function send(
  { info }: UsedSystem,
  { user, command }: Parsed,
  { tracer, log }: { readonly tracer: Tracer | undefined; readonly log: Logger },
): Promise<Answered> {
  const { shards: shardCount } = info;
  const { amqpUrl: url, databaseUrl } = info.producer;
  const pool = openPool({ url: databaseUrl, name: 'send', size: 1, log });
  const publishing = await openLink({ url, name: 'send publishing', tracer, log });
  const consuming = await openLink({ url, name: 'send consuming', tracer, log });
  const answered = deferred<Answered>();
  const onAnswer = answered.resolve;
  const sender = await openSender({
    name: 'send',
    publisher: await openPublisher(publishing),
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount,
    onAnswer,
    log,
  });
  const timer = setTimeout(() => {
    const message = `no answer in ${ANSWER_MAX_MS / 1_000} s; what was not decided in 10 s is not done`;
    answered.reject(new CodedError('not-finished', message));
  }, ANSWER_MAX_MS);
  try {
    const { number, now } = await takeNumber(pool);
    await sender.send({
      type: 'commands',
      user,
      stream: `hand:${newId()}`,
      position: 1,
      commands: [{ number, command }],
      administrator: true,
      deadline: instant(now + DEADLINE_MS),
      again: false,
    });
    return await answered.promise;
  } finally {
    clearTimeout(timer);
    await sender.close();
    await Promise.all([publishing.close(), consuming.close(), pool.end()]);
  }
}
