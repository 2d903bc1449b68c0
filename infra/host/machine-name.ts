/** Describes the machine that a measurement ran on. */
import { cpus, totalmem } from 'node:os';

/** Returns the cores, the memory and the version of Node. */
export const machineName = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ` +
  `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
