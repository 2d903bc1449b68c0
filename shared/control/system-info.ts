/**
 * The contract of a running system's control interface: what its supervisor tells, and the orders
 * that it takes. The supervisor serves it; commands and web processes ask through
 * `control-client.ts`.
 */
import { join } from 'node:path';
import type { LogLevel } from '../runtime/logger.ts';
import type { PoolName } from '../runtime/config.ts';
import type { Trouble } from '../runtime/trouble.ts';

/** The description of a running system. */
export type SystemInfo = {
  readonly pid: number;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  /** Includes user and password; undefined for a given broker without a known management API. */
  readonly managementUrl?: string | undefined;
  /** The URL of the management UI for a person, with the limited rights of the role `operator`. */
  readonly operatorUrl?: string | undefined;
  /** The URLs for the commands that run and send workloads. */
  readonly producer: RoleUrls;
  /** The URLs for commands that only read. */
  readonly reader: RoleUrls;
  /** The URL of the supervisor's metrics; it lists the metrics of each process. */
  readonly metricsUrl: string;
  readonly shards: number;
  readonly logFolder: string;
  /** The private database's data directory; undefined for a given or a replicated database. */
  readonly databaseFolder?: string | undefined;
  /** Undefined if no web process was configured. */
  readonly web?: WebAddress | undefined;
  readonly processes: readonly ProcessInfo[];
  /** The faults of services that keep the system from working now. */
  readonly troubles: readonly Trouble[];
  /** The pools whose size follows their load. */
  readonly scaling: readonly PoolScaling[];
  /** The machines of a replicated system; empty otherwise. */
  readonly machines: readonly MachineInfo[];
};

export type MachineInfo = {
  readonly name: string;
  readonly address: string;
  /**
   * The machine's own network, if it has one: its namespace, and the interface that disconnects the
   * machine when it is down.
   */
  readonly network?: { readonly namespace: string; readonly link: string } | undefined;
  readonly patroniUrl: string;
  readonly databaseFolder: string;
  readonly databaseUrl: string;
  readonly managementUrl: string;
};

export type WebAddress = {
  readonly url: string;
  /** The authority of the certificate made here: the file to trust, and its SHA-256 fingerprint. */
  readonly authority?: { readonly file: string; readonly fingerprint: string } | undefined;
};

type RoleUrls = { readonly amqpUrl: string; readonly databaseUrl: string };

export type ProcessInfo = {
  readonly name: string;
  /** Undefined while the process is being restarted. */
  readonly pid?: number | undefined;
  readonly restarts: number;
};

export type ScaleRange = { readonly least: number; readonly most: number };

export type ScaleChange = {
  readonly at: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
};

export type PoolScaling = ScaleRange & {
  readonly pool: PoolName;
  /** The latest changes, newest first; at most five. */
  readonly changes: readonly ScaleChange[];
};

/** The orders that a running system accepts. */
export type ControlActions = {
  /** Resolves when the pool has this many processes that take work, and the surplus has drained. */
  readonly setPoolSize: (name: PoolName, size: number) => Promise<void>;
  /** Makes the pool's size follow its load from now on, until `setPoolSize` is called for it. */
  readonly setScaling: (name: PoolName, range: ScaleRange) => Promise<void>;
  /**
   * Drains a process and starts it again; resolves when it takes work. If `build` names a folder,
   * the system runs the build in that folder from then on.
   */
  readonly restart: (name: string, build?: string) => Promise<void>;
  /** Sets the level of one process, or of all if `name` is undefined. */
  readonly setLogLevel: (level: LogLevel, name: string | undefined) => Promise<void>;
};

/**
 * The phases of a system, in this order: *starting* until every process takes work, *running*, then
 * *stopping* until its processes have ended. Other commands can use a system only while it is
 * *running*; they can stop it in each phase.
 */
export type Phase = 'starting' | 'running' | 'stopping';

/** The answer of a system that cannot be used. */
export type NotRunning = { readonly pid: number; readonly phase: Phase };

/** Returns the path of the control file in a data folder. */
export const controlFile = (home: string): string => join(home, 'system.json');

export type ControlAddress = {
  readonly url: string;
  readonly token: string;
  /** The id of the process that serves it. */
  readonly pid: number;
};
