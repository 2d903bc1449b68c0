/** `daytrade doctor`: examines the machine and the environment, and says what to do. */
import type { Command } from 'commander';
import { examineConfig } from '../../shared/runtime/config.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import { columns } from '../operations/columns.ts';
import { examine } from '../operations/examine.ts';
import type { Examined } from '../operations/examined.ts';
import { describeState, findState, type SystemState } from '../supervisor/find-state.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { writeOut } from './output.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check Node, ports, disk, services and the environment; exit with 1 if one of them is bad',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      const { config, faults } = examineConfig(process.env);
      const state = await findState(config.home);
      const isRunning = ['running', 'starting'].includes(state.is);
      const examined = [
        ...faults.map(judgeFault),
        judgeState(state, config.home),
        ...(state.is === 'running' ? state.system.info.troubles.map(judgeTrouble) : []),
        ...(await examine({ config, isRunning })),
      ];
      await writeOut(
        `${json === true ? JSON.stringify(examined, undefined, 2) : renderExamined(examined)}\n`,
      );
      if (examined.some(({ is }) => is === 'bad')) process.exitCode = 1;
    });
}

export function renderExamined(examined: readonly Examined[]): string {
  const advice = examined.filter((one) => one.advice !== undefined);
  const rows = columns(examined.map(({ is, what, found }) => [is, what, found]));
  if (advice.length === 0) return `${rows}\n\nAll is good.`;
  return `${rows}\n\nWhat to do\n${columns(advice.map((one) => [one.what, one.advice ?? '']))}`;
}

/** Returns the state of the data folder as a finding. Pure. */
export function judgeState(state: SystemState, home: string): Examined {
  const what = 'system';
  const [found = ''] = describeState(state, home).split('\n');
  switch (state.is) {
    case 'running':
    case 'starting':
    case 'stopping':
    case 'in-use':
      return { what, is: 'good', found };
    case 'stopped': {
      if (state.failure === undefined) return { what, is: 'good', found };
      const { at, reason } = state.failure;
      return { what, is: 'doubtful', found: `its last start failed, at ${at}`, advice: reason };
    }
    case 'silent':
    case 'left-behind':
      return { what, is: 'bad', found, advice: `${OWN_COMMAND} down` };
    case 'foreign':
      return { what, is: 'bad', found, advice: `Run it as the user ${state.owner}.` };
  }
}

/** Returns a trouble that the running system reports as a finding. */
export const judgeTrouble = ({ service, what, remedy }: Trouble): Examined => ({
  ...{ what: service, is: 'bad', found: what, advice: remedy },
});

/** Returns an invalid variable as a finding. The other examinations use its default. */
export function judgeFault(fault: string): Examined {
  const [what = fault] = fault.split(/[=:]/);
  return { what, is: 'bad', found: fault, advice: 'Correct it as docs/CONFIGURATION.md says.' };
}
