/** The command line: `daytrade workload FILE`, `daytrade up`, `daytrade generate`. */
import { join, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { v7 as uuidV7 } from 'uuid';
import { runWorkload } from '../../producers/workload/run-workload.ts';
import { runGenerate } from '../../producers/workload/run-generate.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, ConfigError, SetUpError, UsageError } from '../../shared/runtime/errors.ts';
import { openLogger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { startSystem, type System } from '../supervisor/supervisor.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? '', path);
const HIT_COST = 0.05;

async function start(refreshMs: number, each: number): Promise<System> {
  const config = readConfig(process.env);
  const log = openLogger('supervisor', 'error');
  const pools = { transaction: each, quote: each, trigger: each, audit: each };
  return await startSystem({ config, pools, triggerRefreshMs: refreshMs, say, log });
}

async function workload(
  file: string | undefined,
  options: { readonly pack: string; readonly number?: true; readonly run?: string },
): Promise<void> {
  const config = readConfig(process.env);
  const path = file === undefined ? join(packageRoot, 'workloads/sample.workload') : fromUser(file);
  const pack = Number(options.pack);
  if (!Number.isInteger(pack) || pack < 1 || pack > 500) {
    throw new UsageError(`--pack ${options.pack}: expected a whole number from 1 to 500`);
  }
  const system = await start(0, 1);
  const bar = new SingleBar({ format: '{bar} {value} commands answered', stream: process.stderr });
  try {
    let answered = 0;
    const unreadable: string[] = [];
    bar.start(0, 0);
    const result = await runWorkload({
      file: path,
      run: options.run ?? uuidV7(),
      pack,
      number: options.number === true,
      amqpUrl: system.services.amqpUrl,
      databaseUrl: system.services.databaseUrl,
      shardCount: config.shards,
      log: openLogger('workload', 'warn'),
      onUnreadable: (line, reason) => unreadable.push(`line ${line}: ${reason}`),
      onAnswer: ({ message }) => {
        answered += message.commands.length;
        bar.setTotal(answered);
        bar.update(answered);
      },
    });
    bar.stop();
    unreadable.forEach((line) => say(`unreadable: ${line}`));
    const rate = Math.round(result.commands / result.seconds);
    say(`commands    ${result.commands} in ${result.seconds.toFixed(2)} s, ${rate}/s`);
    say(`rejected    ${result.rejected}`);
    for (const [reason, count] of Object.entries(result.reasons)) say(`  ${reason}  ${count}`);
    say(`quote hits  ${result.quoteHits}, $${(result.quoteHits * HIT_COST).toFixed(2)}`);
    say(`dumps       ${join(config.home, 'dumps')}`);
  } finally {
    bar.stop();
    await system.stop();
  }
}

async function up(): Promise<void> {
  const stopped = new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  const system = await start(60_000, 2);
  say(`management UI  ${system.services.managementUrl ?? 'as given'}`);
  say(`database       ${system.services.databaseUrl}`);
  say('Ctrl-C stops the system.');
  await stopped;
  await system.stop();
}

const program = new Command('daytrade').description('A day trading system on RabbitMQ');
program
  .command('workload')
  .description('run a workload file and show what happened')
  .argument('[file]', 'the file; a sample without it')
  .option('--pack <n>', 'commands a message', '16')
  .option('--number', 'number the lines itself')
  .option('--run <name>', 'name the run: the same name again goes on from where it was')
  .action(workload);
program.command('up').description('run the system until Ctrl-C').action(up);
program
  .command('generate')
  .description('write a workload with the mix of real files')
  .option('--users <n>')
  .option('--commands <n>')
  .option('--seed <n>')
  .option('--out <file>')
  .action(async (options: Readonly<Record<string, string>>) => {
    await runGenerate(options, (text) => {
      process.stdout.write(text);
      return Promise.resolve();
    });
  });

try {
  await program.parseAsync();
} catch (error) {
  const lines =
    error instanceof SetUpError
      ? error.lines
      : [error instanceof Error ? error.message : String(error)];
  lines.forEach(say);
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 64;
  if (error instanceof ConfigError || error instanceof SetUpError) return 78;
  if (error instanceof CodedError && error.code === 'file-unreadable') return 66;
  return 1;
}
