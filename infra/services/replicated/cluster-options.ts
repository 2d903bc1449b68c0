/** The options that the parts of a replicated system share. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Owner } from '../../host/as-owner.ts';
import { newServicePassword } from '../../host/settings.ts';
import type { Machine } from './machine.ts';

/** Stored in the data folder; the passwords are used by this system alone. */
export type ClusterSettings = {
  readonly id: string;
  readonly password: string;
  readonly replicationPassword: string;
  readonly cookie: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Whether the brokers have formed their cluster before. */
  readonly formed: boolean;
};

export const newClusterSettings = (): ClusterSettings => ({
  id: randomBytes(3).toString('hex'),
  password: newServicePassword(),
  replicationPassword: newServicePassword(),
  cookie: randomBytes(18).toString('hex'),
  ports: {},
  formed: false,
});

export type ClusterOptions = ClusterSettings & {
  readonly home: string;
  readonly machines: readonly Machine[];
  readonly ourAddress: string;
  /** The user that PostgreSQL runs as. */
  readonly owner: Owner;
  /** The folder of the members' databases and of the archive. */
  readonly databaseFolder: string;
  /** Whether a commit waits while no standby is connected; if false, the primary commits alone then. */
  readonly strict: boolean;
  /** Aborts the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};
