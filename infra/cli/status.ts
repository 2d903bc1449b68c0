/** `daytrade status`: shows processes, shards, queues, cost and errors. */
import type { Command } from 'commander';
import { openPool } from '../../shared/pg/pool.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { loadStatus, type Status } from '../operations/load-status.ts';
import { renderStatus } from '../operations/render-status.ts';
import { onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { canDraw, writeOut } from './output.ts';
import { runningSystem } from './running-system.ts';

type Options = { readonly watch?: true; readonly json?: true };

const EVERY_MS = 1_500;
/** The longest wait for a service; after it, the status shows the rest. */
const ANSWER_MAX_MS = 3_000;
const CLEAR = '\u001b[H\u001b[2J';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show processes, shards, queues, cost and errors of the running system')
    .option('--watch', 'refresh until Ctrl-C')
    .option('--json', 'print JSON; with --watch, one line per refresh')
    .action(status);
}

async function status(options: Options): Promise<void> {
  const { watch } = options;
  const config = readConfig(process.env);
  const { signal } = onInterrupt();
  // Takes no lease: watching must not keep the system from stopping.
  const system = await runningSystem(config);
  const log = openCliLogger(config, 'status');
  const pool = openPool({
    url: system.info.databaseUrl,
    name: 'status',
    size: 2,
    answerMaxMs: ANSWER_MAX_MS,
    log,
  });
  try {
    do {
      const found = await loadStatus(await system.refresh(), config.home, pool);
      await writeOut(`${textOf(found, options)}\n`);
      if (watch === true) await pause(signal);
    } while (watch === true && !signal.aborted);
  } finally {
    await pool.end();
  }
}

function textOf(found: Status, { watch, json }: Options): string {
  if (json === true) return JSON.stringify(found, undefined, watch === true ? 0 : 2);
  const clear = watch === true && canDraw(process.stdout) ? CLEAR : '';
  return `${clear}${renderStatus(found)}`;
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, EVERY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
