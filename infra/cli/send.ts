/** `daytrade send`: sends one command and prints its answer. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { openCommandDesk, type Answered } from '../../shared/amqp/command-desk.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { COMMAND_NAMES, entryOf } from '../../shared/domain/command-catalogue.ts';
import { instant } from '../../shared/domain/time.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { formOf } from '../../shared/messages/command-form.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { claimKey, KEY_LIFETIME_MS } from '../../shared/pg/idempotency-keys.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { type Tracer } from '../../shared/runtime/tracing.ts';
import { openTracer } from '../../shared/runtime/open-tracer.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';
import { openBrokerLink } from './open-broker-link.ts';
import { openCliLogger } from './log.ts';
import { say, writeOut } from './output.ts';
import { renderSent, renderSentJson } from './render-sent.ts';
import { withRunningSystem } from './running-system.ts';
import { printTroubles } from './print-troubles.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';

/** A command that is decided later than this after it was sent is rejected: SPEC §3.3. */
const DEADLINE_MS = 10_000;
/** By then the command is decided or rejected, and most dumps are written. */
const ANSWER_MAX_MS = 30_000;

const NO_ANSWER =
  `no answer in ${ANSWER_MAX_MS / 1_000} s: the command took effect only if it was decided in the ` +
  `first ${DEADLINE_MS / 1_000} s, and the audit log tells`;

export function registerSend(program: Command): void {
  program
    .command('send')
    .description('send one command to a running system and print its answer')
    .argument('<command>', "one of the commands below, such as 'BUY,alice,ABC,100.00'")
    .option('--json', 'print JSON, with money in whole cents')
    .addHelpText('after', () => `\nCommands:\n${describeCommands()}`)
    .action(async (text: string, { json = false }: { readonly json?: boolean }) => {
      const config = readConfig(process.env);
      const parsed = parseCommandText(text);
      if (parsed.type !== 'command') {
        throw new UsageError(parsed.type === 'unreadable' ? parsed.reason : parsed.command.reason);
      }
      const log = openCliLogger(config, 'send');
      const tracer = await openTracer('send', config);
      const { answer, message } = await withRunningSystem(config, (system) =>
        send(system, parsed, { tracer, log }),
      ).finally(() => tracer?.close());
      const [outcome = { is: 'done' as const }] = answer.outcomes;
      const sent = { id: message.stream, number: message.commands[0]?.number ?? 0 };
      const render = json ? renderSentJson : renderSent;
      await writeOut(`${render(sent, outcome)}\n`);
      sayWhereDumpIs(outcome, config.home);
    });
}

/** Describes every command in a line: its form, and what it does. */
function describeCommands(): string {
  const forms = COMMAND_NAMES.map((name) => formOf(name, 0).expected);
  const width = Math.max(...forms.map((form) => form.length));
  const lines = COMMAND_NAMES.map((name, index) => {
    return `  ${forms[index]?.padEnd(width) ?? name}  ${entryOf(name).meaning}`;
  });
  return lines.join('\n');
}

/** Says where the file of a `DUMPLOG` is, or will be, on this machine. */
function sayWhereDumpIs(outcome: Outcome, home: string): void {
  if (outcome.is !== 'accepted' || outcome.answer === undefined) return;
  const { dump, path, message } = outcome.answer;
  if (typeof path !== 'string') return;
  const file = join(home, path);
  if (dump === 'written') say(`The dump is in ${file}`);
  else if (dump === 'asked') say(`The dump is still being written; it is going to be in ${file}`);
  else say(`The dump was not written to ${file}: ${String(message)}`);
}

type Parsed = Extract<ReturnType<typeof parseCommandText>, { type: 'command' }>;

async function send(
  system: UsedSystem,
  { user, command }: Parsed,
  { tracer, log }: { readonly tracer: Tracer | undefined; readonly log: Logger },
): Promise<Answered> {
  const { shards: shardCount, producer } = system.info;
  const { amqpUrl: url, databaseUrl } = producer;
  const pool = openPool({ url: databaseUrl, name: 'send', size: 1, log });
  const publishing = await openBrokerLink({ url, name: 'send publishing', tracer, log });
  const consuming = await openBrokerLink({ url, name: 'send consuming', tracer, log });
  const desk = await openCommandDesk({
    name: 'send',
    publisher: await openPublisher(publishing),
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount,
    log,
  });
  const printer = printTroubles(system, say);
  try {
    const id = `hand:${newId()}`;
    const use = { user, key: id, stream: id, bodyHash: '', numbers: [], draw: 1 };
    const claimed = await claimKey(pool, { ...use, lifetimeMs: KEY_LIFETIME_MS });
    const message: UserCommands = {
      type: 'commands',
      user,
      stream: claimed.stream,
      position: 1,
      commands: claimed.numbers.map((number) => ({ number, command })),
      administrator: true,
      deadline: instant(claimed.now + DEADLINE_MS),
      again: false,
    };
    // An accepted dump will be written, or end as not written, in any case.
    const error = (): Error => new CodedError('not-finished', NO_ANSWER);
    return await desk.ask(message, { limit: { ms: ANSWER_MAX_MS, error } });
  } finally {
    printer.stop();
    await desk.close();
    await Promise.all([publishing.close(), consuming.close(), pool.end()]);
  }
}
