/** What the parts of a replicated system share. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Owner } from '../postgres-data.ts';
import { newPassword } from '../settings.ts';
import type { Machine } from './machines.ts';

/** Remembered with the data folder; its passwords are this system's alone. */
export type ClusterSettings = {
  readonly id: string;
  readonly password: string;
  readonly replicationPassword: string;
  readonly cookie: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Whether the brokers made their cluster before. */
  readonly formed: boolean;
};

export const newClusterSettings = (): ClusterSettings => ({
  id: randomBytes(3).toString('hex'),
  password: newPassword(),
  replicationPassword: newPassword(),
  cookie: randomBytes(18).toString('hex'),
  ports: {},
  formed: false,
});

export type ClusterOptions = ClusterSettings & {
  readonly home: string;
  readonly machines: readonly Machine[];
  readonly ourAddress: string;
  /** As whom PostgreSQL runs. */
  readonly owner: Owner;
  /** Where the members' databases and the archive are. */
  readonly databaseFolder: string;
  /** Without a standby that has it, nothing is committed; else it is while no standby is there. */
  readonly strict: boolean;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};
