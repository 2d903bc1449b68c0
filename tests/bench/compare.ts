/** `npm run bench -- --compare REF`: measures another commit and this tree in turns. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineName } from '../../infra/host/machine-name.ts';
import type { RunCase } from '../../infra/capacity/run-case.ts';
import { renderTable } from '../../infra/page/table.ts';
import { startTool } from '../../infra/capacity/tool.ts';
import { onInterrupt } from '../../infra/cli/interrupt.ts';
import { stopLeftProcesses } from '../../infra/services/private/left-behind.ts';
import { removeDeleted } from '../../infra/services/private/postgres-data.ts';
import { tryLockDataFolder } from '../../infra/supervisor/data-folder-lock.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import {
  buildCommit,
  nameOfThisTree,
  removeCheckout,
  resolveCommit,
  shortNameOf,
} from './checkout.ts';
import { comparisonTables, type Comparison, type Turn } from './comparison.ts';
import type { TurnFigures, TurnInput } from './turn.ts';
import { turnOrder, type Side } from './turns.ts';

type CompareOptions = {
  readonly ref: string;
  readonly repeats: number;
  readonly cases: readonly RunCase[];
  /** The folder of the bench; the comparison uses a folder in it, and empties that in the end. */
  readonly folder: string;
  readonly say: (line: string) => void;
};

/** Prints a table for each case, and writes `compare.json`. Rejects with an `InterruptedError` on Ctrl-C. */
export async function compare({ ref, repeats, cases, folder, say }: CompareOptions): Promise<void> {
  const commit = await resolveCommit(ref);
  const names = { before: await shortNameOf(ref, commit), after: await nameOfThisTree() };
  const { signal } = onInterrupt(() => say('Stopping, and removing the checkout …'));
  const own = join(folder, 'compare');
  mkdirSync(own, { recursive: true });
  const release = tryLockDataFolder(own);
  if (release === undefined) {
    throw new CodedError('not-finished', `Another comparison runs in ${own}: wait for it to end.`);
  }
  const checkout = join(own, 'checkout');
  try {
    await removeAll(own, checkout);
    say(`Checking out ${names.before} …`);
    const builds = {
      before: await buildCommit(commit, checkout, { signal, say }),
      after: buildRoot,
    };
    const turns: Turn[] = [];
    for (const side of turnOrder(repeats)) {
      say(`turn ${turns.length + 1} of ${2 * repeats}: ${names[side]} …`);
      const input = { folder: join(own, side), cases };
      turns.push({ side, figures: await runTurn(builds[side], input, signal) });
    }
    const result = { machine: machineName(), at: new Date().toISOString(), names, turns };
    report(result, folder, say);
  } finally {
    await removeAll(own, checkout);
    release();
  }
}

async function runTurn(
  build: string,
  input: TurnInput,
  signal: AbortSignal,
): Promise<readonly TurnFigures[]> {
  const tool = startTool<readonly TurnFigures[]>('tests/bench/turn', input, build);
  try {
    return await orAborted(tool.result, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const advice =
      build === buildRoot
        ? ''
        : '\nThe bench of this tree may not fit that commit: compare with a later one.';
    throw new CodedError('not-finished', `A turn failed (see above).${advice}`, { cause });
  } finally {
    await tool.end();
  }
}

function report(comparison: Comparison, folder: string, say: (line: string) => void): void {
  const tables = comparisonTables(comparison).map(renderTable);
  process.stdout.write(`${comparison.machine}\n\n${tables.join('\n\n')}\n`);
  const file = join(folder, 'compare.json');
  writeFileSync(file, JSON.stringify(comparison, undefined, 2));
  say(`\nEvery turn: ${file}`);
}

/** Stops and removes everything of a comparison, also of one that was killed. */
async function removeAll(own: string, checkout: string): Promise<void> {
  await removeCheckout(checkout);
  for (const side of ['before', 'after'] satisfies Side[]) {
    const folder = join(own, side);
    const data = join(folder, 'data');
    await stopLeftProcesses(data);
    removeDeleted(data);
    // Processes of an interrupted turn may still write their last log lines.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
