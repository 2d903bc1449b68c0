/** What a bench found. */
import type { DumpFigures } from './dump-speed.ts';
import type { FunctionFigures } from './functions.ts';
import type { Measured, MeasuredLimit } from './measure.ts';
import type { TriggerFigures } from './triggers.ts';

export type WithLimit = { readonly measured: Measured; readonly limit: MeasuredLimit };

export type Report = {
  readonly machine: string;
  readonly at: string;
  /** Memory of a process with our libraries that does nothing. */
  readonly bareBytes: number;
  /** One user, one command at a time, with legacy quotes. */
  readonly commandTable: { readonly without: Measured; readonly with: Measured } | undefined;
  readonly runs: readonly Measured[];
  readonly limited: readonly WithLimit[];
  /** More users, then more commands; with `--full` only. */
  readonly growth: readonly Measured[];
  readonly latency: readonly Measured[];
  /** Over HTTPS. */
  readonly web: readonly Measured[];
  readonly functions: readonly FunctionFigures[];
  readonly dump: DumpFigures | undefined;
  readonly triggers: TriggerFigures | undefined;
};

/** Every run of the system in a report. */
export const allRuns = (report: Report): readonly Measured[] => [
  ...report.runs,
  ...report.limited.map(({ measured }) => measured),
  ...report.growth,
];

export const limitPerSecond = ({ figures }: MeasuredLimit): number =>
  figures.commands / figures.seconds;

export const cpuUsPerCommand = ({
  processes,
  figures,
}: Pick<Measured, 'processes'> & { readonly figures: { readonly commands: number } }): number =>
  (processes.reduce((sum, each) => sum + each.cpuUserMs + each.cpuSystemMs, 0) * 1_000) /
  figures.commands;

export type Usage = Pick<Measured, 'processes' | 'machineCpuMs'>;

/** Of the machine's CPU time, the share that went to what is not of the run, 0 to 1. */
export const othersShare = ({ processes, machineCpuMs }: Usage): number => {
  const own = processes.reduce((sum, each) => sum + each.cpuUserMs + each.cpuSystemMs, 0);
  return machineCpuMs === 0 ? 0 : Math.max(0, 1 - own / machineCpuMs);
};
