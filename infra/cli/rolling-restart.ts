/**
 * `daytrade rolling-restart`: restarts every process, one after another, while the system serves.
 */
import type { Command } from 'commander';
import { POOL_SIZES_MAX, readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import { say } from './output.ts';
import { runningSystem } from './running-system.ts';

export function registerRollingRestart(program: Command): void {
  program
    .command('rolling-restart')
    .description(
      'restart every process with the programs that are installed now, without an outage',
    )
    .argument('[name...]', 'only these processes or pools, such as transaction-1 or transaction')
    .action(async (names: readonly string[]) => {
      const { info, actions } = await runningSystem(readConfig(process.env));
      const pooled = info.processes.map(({ name }) => name).filter(isPooled);
      for (const name of names.length > 0 ? namedIn(pooled, names) : pooled) {
        say(`Restarting ${name} …`);
        // Waits until this process takes work again before the next one; meanwhile its standby does
        // its work.
        await actions.restart(name, buildRoot);
      }
      say('Done.');
    });
}

/**
 * Returns whether a process belongs to a pool; the supervisor and the services are not restarted.
 */
const isPooled = (name: string): boolean =>
  Object.keys(POOL_SIZES_MAX).some((pool) => name.startsWith(`${pool}-`));

/**
 * Expands names of processes and pools, which match as in `logs`. Throws a `UsageError` for a name
 * that matches no process.
 */
export function namedIn(processes: readonly string[], names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const found = processes.filter((each) => each === name || each.startsWith(`${name}-`));
    if (found.length > 0) return found;
    throw new UsageError(`There is no process or pool ${name}; there are: ${processes.join(', ')}`);
  });
}
