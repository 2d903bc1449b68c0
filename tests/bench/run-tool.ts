/** The producer of a measured run, in a process of its own. */
import { openLatencies, type Latency } from '../../producers/workload/latencies.ts';
import { asFastAsAnswered, atRate, type Pace } from '../../producers/workload/pace.ts';
import { runWorkload } from '../../producers/workload/run-workload.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { runTool } from './tool.ts';

/** How commands are sent: as fast as they are answered, one after another, or so many a second. */
export type Sending = 'fast' | 'one-at-a-time' | { readonly perSecond: number };

export type RunInput = {
  readonly file: string;
  readonly run: string;
  readonly pack: number;
  readonly sending: Sending;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly shardCount: number;
  readonly logFile: string;
};

export type CommandFigures = {
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
  /** Of the messages, from publish to answer. */
  readonly latency: Latency;
  readonly byCommand: readonly CommandFigures[];
};

runTool(async (given): Promise<RunFigures> => {
  const input = given as RunInput;
  const latencies = openLatencies();
  const closedLoop = oneAtATime();
  const { sending } = input;
  const pace: Pace =
    sending === 'fast'
      ? asFastAsAnswered
      : sending === 'one-at-a-time'
        ? closedLoop.pace
        : atRate(sending.perSecond);
  const result = await runWorkload({
    ...input,
    number: false,
    pace,
    signal: new AbortController().signal,
    log: openFileLogger('bench-run', { level: 'info', file: input.logFile }),
    onStart: () => undefined,
    onUnreadable: () => undefined,
    onAnswer: ({ message, latencyMs }) => {
      closedLoop.answered();
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
