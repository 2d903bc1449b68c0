/** `daytrade rolling-restart`: every process anew, one after the other, while the system serves. */
import type { Command } from 'commander';
import { POOL_SIZES_MAX, readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import { say } from './output.ts';
import { runningSystem } from './running-system.ts';

export function registerRollingRestart(program: Command): void {
  program
    .command('rolling-restart')
    .description('start every process again as it is installed now, without stopping service')
    .argument('[name...]', 'only these processes or pools, such as transaction-1 or transaction')
    .action(async (names: readonly string[]) => {
      const { info, actions } = await runningSystem(readConfig(process.env));
      const pooled = info.processes.map(({ name }) => name).filter(isPooled);
      for (const name of names.length > 0 ? namedIn(pooled, names) : pooled) {
        say(`Restarting ${name} …`);
        // The next one waits until this one takes work again: its standby has it meanwhile.
        await actions.restart(name, buildRoot);
      }
      say('Done.');
    });
}

/** The supervisor and the services stay as they are. */
const isPooled = (name: string): boolean =>
  Object.keys(POOL_SIZES_MAX).some((pool) => name.startsWith(`${pool}-`));

/** A pool's name stands for all its processes, as in `logs`. Throws where nothing has a name. */
export function namedIn(processes: readonly string[], names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const found = processes.filter((each) => each === name || each.startsWith(`${name}-`));
    if (found.length > 0) return found;
    throw new UsageError(`There is no process or pool ${name}; there are: ${processes.join(', ')}`);
  });
}
