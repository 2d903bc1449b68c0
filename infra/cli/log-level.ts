/** `daytrade log-level`: changes how much the processes of the running system log. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { LOG_LEVELS } from '../../shared/runtime/logger.ts';
import { say } from './output.ts';
import { runningSystem } from './running-system.ts';

export function registerLogLevel(program: Command): void {
  program
    .command('log-level')
    .description('change how much the running system logs')
    .argument('<level>', LOG_LEVELS.join(', '))
    .argument('[name]', 'only this process, such as transaction-1 or supervisor')
    .action(async (text: string, name: string | undefined) => {
      const level = LOG_LEVELS.find((known) => known === text);
      if (level === undefined) {
        throw new UsageError(`${text}: expected ${LOG_LEVELS.join(', ')}`);
      }
      const { actions } = await runningSystem(readConfig(process.env));
      await actions.setLogLevel(level, name);
      say(`${name ?? 'Every process'} logs at level ${level}, until the system stops.`);
    });
}
