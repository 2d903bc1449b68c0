/** `daytrade doctor`: looks at the machine and the environment, and says what to do. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { columns } from '../operations/columns.ts';
import { examine, type Examined } from '../operations/examine.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { writeOut } from './output.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at Node, ports, disk, services and the environment; exit 1 if any is bad')
    .action(async () => {
      const config = readConfig(process.env);
      const isRunning = (await findSystem(config.home)) !== undefined;
      const examined = await examine({ config, isRunning });
      await writeOut(`${renderExamined(examined)}\n`);
      if (examined.some(({ is }) => is === 'bad')) process.exitCode = 1;
    });
}

export function renderExamined(examined: readonly Examined[]): string {
  const advice = examined.filter((one) => one.advice !== undefined);
  const rows = columns(examined.map(({ is, what, found }) => [is, what, found]));
  if (advice.length === 0) return `${rows}\n\nAll is good.`;
  return `${rows}\n\nWhat to do\n${columns(advice.map((one) => [one.what, one.advice ?? '']))}`;
}
