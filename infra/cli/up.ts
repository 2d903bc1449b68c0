/** `daytrade up`: runs the system until Ctrl-C. */
import { Option, type Command } from 'commander';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { InterruptedError, UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { notifySystemd } from '../supervisor/notify-systemd.ts';
import { useSystem, type UsedSystem } from '../supervisor/use-system.ts';
import { sayAdministrator } from './admin.ts';
import { shownAddresses } from './addresses.ts';
import { confirmFresh, freshOption } from './fresh.ts';
import { onInterrupt, untilAborted } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { say } from './output.ts';
import { replicatedOption, withReplicated } from './replicated.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { systemGone } from './running-system.ts';
import { printTroubles } from './print-troubles.ts';

/** One process of each pool works and one is its standby; both web processes work. */
const POOLS = { transaction: 2, quote: 2, trigger: 2, audit: 2, intake: 1, web: 2 };
const REFRESH_MS = 60_000;

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('run the system until Ctrl-C')
    .addOption(freshOption())
    .addOption(new Option('--yes', 'do not ask'))
    .addOption(replicatedOption())
    .action(up);
}

type Options = { readonly fresh?: true; readonly yes?: true; readonly replicated?: true };

async function up({ fresh, yes, replicated }: Options): Promise<void> {
  const given = withReplicated(readConfig(process.env), replicated);
  // Without a terminal, systemd or a container engine collects the output.
  const logTo = given.logTo ?? (process.stdout.isTTY ? 'files' : 'both');
  const config = { ...given, logTo };
  const running = await findSystem(config.home);
  if (running !== undefined) {
    throw new UsageError(
      `a system is running on ${config.home} already (process ${running.info.pid}):\n` +
        `${shownAddresses(running.info, config.home)}\n${OWN_COMMAND} down stops it`,
    );
  }
  if (fresh === true) await confirmFresh(config, yes);
  const log = openCliLogger(config, 'supervisor', logTo);
  const interrupt = onInterrupt(() => say('Stopping …'));
  // Comes from systemd or a container engine, which soon kills what has not stopped.
  const terminated = new AbortController();
  process.once('SIGTERM', () => terminated.abort());
  const system = await useSystem({
    config,
    pools: POOLS,
    triggerRefreshMs: REFRESH_MS,
    quoteServerFlags: config.quoteServerFlags ?? ['--prices', 'walk'],
    fresh: fresh === true,
    keep: false,
    signal: interrupt.signal,
    hurry: terminated.signal,
    onStop: () => interrupt.abort(new InterruptedError('told to stop')),
    onGone: (pid) => interrupt.abort(systemGone(pid)),
    say,
    log,
  });
  try {
    await serve(system, { config, signal: interrupt.signal, log });
  } finally {
    await system.close();
  }
}

type Serving = { readonly config: Config; readonly signal: AbortSignal; readonly log: Logger };

/** Prints what an operator needs to know, and any trouble, until the command is interrupted. */
async function serve(system: UsedSystem, { config, signal, log }: Serving): Promise<void> {
  say('The system is up.\n');
  say(shownAddresses(system.info, config.home));
  if (system.info.web !== undefined) await sayAdministrator(system.info.databaseUrl, config, log);
  say('\nCtrl-C stops it.');
  await notifySystemd('--ready', log);
  const printer = printTroubles(system, say);
  await untilAborted(signal);
  printer.stop();
  await notifySystemd('--stopping', log);
}
