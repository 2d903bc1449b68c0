/** `daytrade down`: stops the system that runs on the data folder. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { say } from './output.ts';

const LOOK_MS = 100;

export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop the system that runs on the data folder')
    .action(async () => {
      const { home } = readConfig(process.env);
      const system = await findSystem(home);
      if (system === undefined) {
        say(`No system is running on ${home}.`);
        return;
      }
      say(`Stopping the system (process ${system.info.pid}) …`);
      await system.stop();
      while (isAlive(system.info.pid)) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      say('Stopped.');
    });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
