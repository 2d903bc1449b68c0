/** Runs a workload on a system, and shows and collects everything about the run. */
import { openLatencies, type Latencies } from '../../producers/workload/latencies.ts';
import type { Pace } from '../../producers/workload/pace.ts';
import type { Workload } from '../../producers/workload/open-workload.ts';
import { openMomentRecorder, type Moments } from '../../producers/workload/moments.ts';
import { runWorkload, type RunResult } from '../../producers/workload/run-workload.ts';
import type { Answered } from '../../shared/amqp/command-desk.ts';
import type { Answer } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { showText } from '../../shared/messages/show-text.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openTracer } from '../../shared/runtime/open-tracer.ts';
import { openUsageMeter, type ProcessUsage } from '../supervisor/process-usage.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';
import { openLineOutput, type LineOutput, type OutputPlace } from './output-file.ts';
import { say } from './output.ts';
import { openProgress, type Progress } from './progress.ts';
import { printTroubles } from './print-troubles.ts';
import { collectUnreadable, type UnreadableLines } from './unreadable-lines.ts';

type FileRun = {
  readonly workload: Workload;
  readonly run: string;
  readonly pack: number;
  readonly pace: Pace;
  /** The output for every command's answer. */
  readonly answers: OutputPlace | undefined;
  /** Whether to collect what was answered in each moment. */
  readonly withMoments?: boolean;
  readonly signal: AbortSignal;
  readonly log: Logger;
};

export type FileResult = RunResult & {
  readonly unreadable: UnreadableLines;
  /** The dumps that could not be written, each with its reason. */
  readonly unwritten: readonly string[];
  readonly latencies: Latencies;
  readonly processes: readonly ProcessUsage[];
  /** Since the run was opened; undefined if they were not asked for. */
  readonly moments: Moments | undefined;
};

const PROCESSES_EVERY_MS = 1_000;

/**
 * Runs the workload. Rejects with the signal's reason when that is aborted; answered commands stay
 * done.
 */
export async function runFile(run: FileRun, system: UsedSystem): Promise<FileResult> {
  const printer = printTroubles(system, say);
  const progress = openProgress(() => printer.present()?.what);
  const latencies = openLatencies();
  const unreadable = collectUnreadable();
  const unwritten: string[] = [];
  const answers = run.answers === undefined ? undefined : await openLineOutput(run.answers);
  const usage = openSystemUsage(system);
  const moments = run.withMoments === true ? openMomentRecorder() : undefined;
  let openedAt = 0;
  const tracer = await openTracer('workload', readConfig(process.env));
  const { shards } = system.info;
  const { amqpUrl, databaseUrl } = system.info.producer;
  try {
    const result = await runWorkload({
      ...run,
      amqpUrl,
      databaseUrl,
      tracer,
      shardCount: shards,
      onStart: ({ lines, done, isResumed }) => {
        if (isResumed) say(`Going on with run ${run.run}: ${done} commands were done before.`);
        progress.start(lines, done);
        openedAt = performance.now();
      },
      onUnreadable: unreadable.add,
      onAnswer: (answered) => {
        recordAnswer(answered, { progress, latencies, answers, unwritten });
        moments?.record({ atMs: performance.now() - openedAt, ...countsOf(answered) });
      },
    });
    progress.complete();
    const collected = { unreadable, unwritten, latencies, moments: moments?.moments() };
    return { ...result, ...collected, processes: usage() };
  } finally {
    usage();
    printer.stop();
    progress.stop();
    await answers?.close();
    await tracer?.close();
  }
}

function recordAnswer(
  { message, answer, latencyMs }: Answered,
  to: {
    readonly progress: Progress;
    readonly latencies: Latencies;
    readonly answers: LineOutput | undefined;
    readonly unwritten: string[];
  },
): void {
  to.progress.advance(message.commands.length);
  const names = message.commands.map(({ command }) =>
    command.type === 'UNREADABLE' ? command.name : command.type,
  );
  to.latencies.record(names, latencyMs);
  to.unwritten.push(...unwrittenDumps(answer));
  if (to.answers !== undefined) answerLines(message, answer).forEach(to.answers.write);
}

const countsOf = ({
  answer: { outcomes },
  latencyMs,
}: Answered): { answered: number; rejected: number; latencyMs: number } => ({
  answered: outcomes.length,
  rejected: outcomes.filter(({ is }) => is === 'rejected').length,
  latencyMs,
});

const unwrittenDumps = ({ outcomes }: Answered['answer']): readonly string[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.is !== 'accepted' || outcome.answer?.['dump'] !== 'not-written') return [];
    const { file, message } = outcome.answer;
    return [`${showText(String(file))}: ${String(message)}`];
  });

/**
 * Meters the system's processes and this one; returns the function that ends this and gives the
 * result.
 */
function openSystemUsage(system: UsedSystem): () => readonly ProcessUsage[] {
  let { processes } = system.info;
  const timer = setInterval(() => {
    system.refresh().then(
      (info) => (processes = info.processes),
      () => undefined,
    );
  }, PROCESSES_EVERY_MS);
  const own = { name: 'workload', pid: process.pid };
  // Counts this process once if it is also the supervisor.
  const meter = openUsageMeter(() => [own, ...processes.filter(({ pid }) => pid !== process.pid)]);
  let result: readonly ProcessUsage[] | undefined;
  return () => {
    clearInterval(timer);
    result ??= meter.stop();
    return result;
  };
}

/** Renders a message's lines of the answers file: one JSON line for each command. */
const answerLines = (message: UserCommands, answer: Answer): readonly string[] =>
  message.commands.map(({ number, command }, index) =>
    JSON.stringify({
      number,
      user: message.user,
      position: message.position + index,
      command: command.type === 'UNREADABLE' ? command.name : command.type,
      ...(answer.outcomes[index] ?? { is: 'done' }),
    }),
  );
