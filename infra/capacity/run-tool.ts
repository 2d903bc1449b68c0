/** The producer of a measured run, in a process of its own. */
import { openLatencies, type Latency } from '../../producers/workload/latencies.ts';
import { asFastAsAnswered, atRate, type Pace } from '../../producers/workload/pace.ts';
import { openWorkload } from '../../producers/workload/open-workload.ts';
import { runWorkload } from '../../producers/workload/run-workload.ts';
import type { Answered } from '../../shared/amqp/command-desk.ts';
import { openCount } from '../../shared/runtime/count.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { runAsTool } from './tool.ts';

/** The pace: as fast as answers come, at a rate, or with a bound on unanswered messages. */
export type RunSending =
  'fast' | { readonly perSecond: number } | { readonly unansweredMax: number };

export type RunInput = {
  readonly file: string;
  /** Runs first, as fast as it is answered, and is not measured. */
  readonly warmUpFile: string | undefined;
  readonly run: string;
  readonly pack: number;
  readonly sending: RunSending;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly shardCount: number;
  readonly logFile: string;
};

type CommandFigures = {
  readonly name: string;
  readonly count: number;
  readonly rejected: number;
  readonly meanMs: number;
};

export type RunFigures = {
  readonly commands: number;
  readonly rejected: number;
  readonly quoteHits: number;
  readonly seconds: number;
  readonly commandsPerSecond: number;
  /** The time to the answer of a message from its publish; at a rate, from the time it was due. */
  readonly latency: Latency;
  readonly byCommand: readonly CommandFigures[];
};

type PacedSending = {
  readonly pace: Pace;
  /** Takes note of an answer, and returns the latency of its message in milliseconds. */
  readonly answered: (answered: Answered) => number;
};

function sendingOf(sending: RunSending): PacedSending {
  if (sending === 'fast') return { pace: asFastAsAnswered, answered: ({ latencyMs }) => latencyMs };
  if ('unansweredMax' in sending) return closedLoop(sending.unansweredMax);
  return openLoop(sending.perSecond);
}

/**
 * Sends at a rate, however slow the answers are. A command that the sender holds up has waited since it
 * was due: its latency counts from then. Needs one command a message, with line numbers from 1 on.
 */
function openLoop(perSecond: number): PacedSending {
  let startedAt = 0;
  let steady: Pace | undefined;
  return {
    pace: (count) => {
      if (steady === undefined) {
        startedAt = performance.now();
        steady = atRate(perSecond);
      }
      return steady(count);
    },
    answered: ({ message, latencyMs }) => {
      const [command] = message.commands;
      const dueAt = startedAt + (((command?.number ?? 1) - 1) * 1_000) / perSecond;
      return Math.max(latencyMs, performance.now() - dueAt);
    },
  };
}

/** Holds messages back while the given number of them is unanswered, as people do. */
function closedLoop(unansweredMax: number): PacedSending {
  const unanswered = openCount();
  return {
    pace: async () => {
      await unanswered.fewerThan(unansweredMax);
      unanswered.add(1);
    },
    answered: ({ latencyMs }) => {
      unanswered.remove(1);
      return latencyMs;
    },
  };
}

runAsTool(async (given, pause): Promise<RunFigures> => {
  const input = given as RunInput;
  const { warmUpFile: file } = input;
  if (file !== undefined)
    await run({ ...input, file, run: `warm-up-${input.run}`, sending: 'fast' });
  await pause();
  return await run(input);
});

async function run(input: RunInput): Promise<RunFigures> {
  const latencies = openLatencies();
  const { pace, answered } = sendingOf(input.sending);
  const result = await runWorkload({
    ...input,
    workload: await openWorkload([input.file]),
    pace,
    signal: new AbortController().signal,
    log: openFileLogger('bench-run', { level: 'info', file: input.logFile }),
    onStart: () => undefined,
    onUnreadable: () => undefined,
    onAnswer: (each) => {
      const names = each.message.commands.map(({ command }) => command.type);
      latencies.record(names, answered(each));
    },
  });
  const { commands, rejected, quoteHits, seconds, commandsPerSecond, byCommand } = result;
  return {
    commands,
    rejected,
    quoteHits,
    seconds,
    commandsPerSecond,
    latency: latencies.ofMessages(),
    byCommand: [...byCommand].map(([name, counts]) => ({
      name,
      ...counts,
      meanMs: latencies.ofCommand(name).meanMs,
    })),
  };
}
