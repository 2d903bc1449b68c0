/** The figures of a bench as text for the terminal. Pure. */
import type { ProcessUsage } from '../../infra/supervisor/process-usage.ts';
import type { WithLimit } from './main.ts';

const cell = (value: string, width: number): string => value.padStart(width);
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export function renderThroughput(results: readonly WithLimit[]): string {
  return results
    .map(({ measured, limit }) => {
      const { of, figures, processes } = measured;
      const limitRate = limit === undefined ? 0 : limit.figures.commands / limit.figures.seconds;
      return [
        `${of.name}: ${whole(figures.commandsPerSecond)} commands/s; the limit ${whole(limitRate)}; ` +
          `ratio ${((100 * figures.commandsPerSecond) / limitRate).toFixed(0)} %`,
        renderCpu(processes, figures.commands),
        ...(limit === undefined ? [] : ['limit:', renderCpu(limit.processes, figures.commands)]),
      ].join('\n');
    })
    .join('\n\n');
}

function renderCpu(processes: readonly ProcessUsage[], commands: number): string {
  const lines = processes.map(({ name, cpuUserMs, cpuSystemMs, rssMaxBytes }) => {
    const us = ((cpuUserMs + cpuSystemMs) * 1_000) / commands;
    return `  ${name.padEnd(16)}${cell(us.toFixed(1), 8)} µs/command${cell(whole(rssMaxBytes / 2 ** 20), 6)} MiB`;
  });
  const sum = processes.reduce((total, each) => total + each.cpuUserMs + each.cpuSystemMs, 0);
  return [
    ...lines,
    `  ${'in all'.padEnd(16)}${cell(((sum * 1_000) / commands).toFixed(1), 8)} µs/command`,
  ].join('\n');
}
