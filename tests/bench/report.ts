/** What a bench found. */
import { cpus, totalmem } from 'node:os';
import type { DumpFigures } from './dump-speed.ts';
import type { FunctionFigures } from './functions.ts';
import type { Measured, MeasuredLimit } from './measure.ts';
import type { TriggerFigures } from './triggers.ts';

export type WithLimit = { readonly measured: Measured; readonly limit: MeasuredLimit };

export type Report = {
  readonly machine: string;
  readonly at: string;
  /** One user, one command at a time, with legacy quotes. */
  readonly commandTable: { readonly without: Measured; readonly with: Measured } | undefined;
  readonly runs: readonly Measured[];
  readonly limited: readonly WithLimit[];
  readonly latency: readonly Measured[];
  readonly functions: readonly FunctionFigures[];
  readonly dump: DumpFigures | undefined;
  readonly triggers: TriggerFigures | undefined;
};

export const machineName = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ` +
  `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;

/** Every run of the system in a report. */
export const allRuns = (report: Report): readonly Measured[] => [
  ...report.runs,
  ...report.limited.map(({ measured }) => measured),
];

export const limitPerSecond = ({ figures }: MeasuredLimit): number =>
  figures.commands / figures.seconds;

export const cpuUsPerCommand = ({
  processes,
  figures,
}: Pick<Measured, 'processes'> & { readonly figures: { readonly commands: number } }): number =>
  (processes.reduce((sum, each) => sum + each.cpuUserMs + each.cpuSystemMs, 0) * 1_000) /
  figures.commands;
