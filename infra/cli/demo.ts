/** `daytrade demo`: a market that moves and twenty people who trade on it, to look at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { newPassword } from '../../shared/runtime/secrets.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { CodedError, InterruptedError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { claimDemoFolder, refuseGivenServices } from '../demo/demo-folder.ts';
import { loadStored, type Stored } from '../demo/load-stored.ts';
import { runDemo, type Played } from '../demo/run-demo.ts';
import { demoFolder } from '../supervisor/data-folder.ts';
import { useSystem, type UsedSystem } from '../supervisor/use-system.ts';
import { createAdministrator, DEMO_ADMINISTRATOR } from './admin.ts';
import { managementUrlOf, signInText, summaryOfDemo, whatToLookAt } from './demo-text.ts';
import { makeDataFolder } from './data-folder.ts';
import { onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { positiveNumber, wholeNumber } from './numbers.ts';
import { say } from './output.ts';
import { writePrivateFile } from './private-file.ts';
import { systemGone } from './running-system.ts';

const SEEDS = { least: 0, most: 2 ** 31 - 1 };
const MINUTES_MAX = 24 * 60;
/** The file with the names and passwords, below the folder of the demo. */
const SIGN_IN = 'sign-in';

/** Few processes, which start soon; a second transaction process is the standby of the first. */
const POOLS = { transaction: 2, quote: 1, trigger: 1, audit: 1, intake: 1, web: 1 };
/** Lets prices move while one looks. With eight stocks, at most 120 hits a minute. */
const SETTINGS: Readonly<Record<string, string>> = {
  QUOTE_LIFETIME_S: '4',
  TRIGGER_REFRESH_S: '4',
  PAGE_REFRESH_S: '4',
  SHOW_COSTS: '1',
};
/** A minute of this market moves prices as much as three hours of a real one. */
const MARKET = ['--prices', 'walk', '--speed', '180', '--delay-ms', '150'];

const HELP_END = `
Everything is play money, on services of its own and on empty data in the folder "demo" of the data folder, which
the next demo deletes. The people give at most 20 commands a second. Quotes live 4 s, so that prices move while
you look; the variables of docs/CONFIGURATION.md change that as usual.`;

type Options = { readonly seed: number; readonly minutes: number };

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('run a market that moves and twenty people who trade on it, to look at')
    .addHelpText('after', HELP_END)
    .option('--minutes <m>', 'how long', positiveNumber('--minutes', MINUTES_MAX), 30)
    .option('--seed <n>', 'the seed of people and prices', wholeNumber('--seed', SEEDS), 1)
    .action(demo);
}

async function demo({ seed, minutes }: Options): Promise<void> {
  // The processes of the system read the same environment.
  for (const [name, value] of Object.entries(SETTINGS)) process.env[name] ??= value;
  const given = readConfig(process.env);
  refuseGivenServices(given);
  const home = demoFolder(given.home);
  makeDataFolder(given.home);
  claimDemoFolder(home);
  const config = { ...given, home };
  const log = openCliLogger(config, 'demo');
  const interrupt = onInterrupt(() => say('\nStopping …'));
  let stored: Stored = { fired: 0, hits: 0 };
  say(`The demo starts, on empty data in ${home}.`);
  const system = await useSystem({
    config,
    pools: POOLS,
    triggerRefreshMs: config.quoteLifetimeMs,
    quoteServerFlags: config.quoteServerFlags ?? [...MARKET, '--seed', seed.toString()],
    fresh: true,
    keep: false,
    signal: interrupt.signal,
    onStop: () => interrupt.abort(new InterruptedError('told to stop')),
    onGone: (pid) => interrupt.abort(systemGone(pid)),
    onDrained: async (databaseUrl) => {
      stored = await loadStored(databaseUrl, log);
    },
    say,
    log,
  });
  const stop = AbortSignal.any([interrupt.signal, AbortSignal.timeout(minutes * 60_000)]);
  let played: Played;
  try {
    played = await show(system, { config, options: { seed, minutes }, signal: stop, log });
  } finally {
    await system.close();
  }
  say(summaryOfDemo({ ...played, ...stored }, home));
}

type Showing = {
  readonly config: Config;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly log: OpenedLogger;
};

async function show(
  { info }: UsedSystem,
  { config, options, signal, log }: Showing,
): Promise<Played> {
  const { web, databaseUrl } = info;
  if (web === undefined) {
    throw new CodedError('not-finished', 'The demo needs the web: set WEB_PROCESSES to 1 or more.');
  }
  const { home } = config;
  const password = newPassword();
  return await runDemo({
    databaseUrl,
    target: { url: web.url, authority: web.authority && readFileSync(web.authority.file) },
    seed: options.seed,
    password,
    signal,
    onInvited: async () => {
      const administrator = await inviteAdministrator(databaseUrl, log);
      const file = join(home, SIGN_IN);
      writePrivateFile(
        file,
        signInText({ trader: password, administrator }, managementUrlOf(info)),
      );
      const { minutes } = options;
      say(
        whatToLookAt({ info, home, file, minutes, passwords: { trader: password, administrator } }),
      );
    },
    log,
  });
}

async function inviteAdministrator(url: string, log: OpenedLogger): Promise<string> {
  const pool = openPool({ url, name: 'demo-admin', size: 1, log });
  try {
    return (await createAdministrator(pool, DEMO_ADMINISTRATOR)) ?? '';
  } finally {
    await pool.end();
  }
}
