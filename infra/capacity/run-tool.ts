/** The producer of a measured run, in a process of its own. */
import { openLatencies, type Latency } from '../../producers/workload/latencies.ts';
import { asFastAsAnswered, atRate, type Pace } from '../../producers/workload/pace.ts';
import { openWorkload } from '../../producers/workload/open-workload.ts';
import { runWorkload } from '../../producers/workload/run-workload.ts';
import { openCount } from '../../shared/runtime/count.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { runAsTool } from './tool.ts';

/** The pace: as fast as answers come, at a rate, or with a bound on unanswered messages. */
export type RunSending =
  'fast' | { readonly perSecond: number } | { readonly unansweredMax: number };

export type RunInput = {
  readonly file: string;
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
  /** The time from the publish of a message to its answer. */
  readonly latency: Latency;
  readonly byCommand: readonly CommandFigures[];
};

type PacedSending = { readonly pace: Pace; readonly answered: () => void };

function sendingOf(sending: RunSending): PacedSending {
  if (sending === 'fast') return { pace: asFastAsAnswered, answered: () => undefined };
  if ('unansweredMax' in sending) return closedLoop(sending.unansweredMax);
  return { pace: atRate(sending.perSecond), answered: () => undefined };
}

/** Holds messages back while the given number of them is unanswered, as people do. */
function closedLoop(unansweredMax: number): PacedSending {
  const unanswered = openCount();
  return {
    pace: async () => {
      await unanswered.fewerThan(unansweredMax);
      unanswered.add(1);
    },
    answered: () => unanswered.remove(1),
  };
}

runAsTool(async (given): Promise<RunFigures> => {
  const input = given as RunInput;
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
    onAnswer: ({ message, latencyMs }) => {
      answered();
      const names = message.commands.map(({ command }) => command.type);
      latencies.record(names, latencyMs);
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
});
