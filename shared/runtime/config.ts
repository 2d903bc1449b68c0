/** The configuration from the environment. All faults are reported together, before any connection. */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { SHARDS_MAX } from '../messages/address.ts';
import { ConfigError } from './errors.ts';
import { LOG_TARGETS, type LogTarget } from './log-sink.ts';
import { packageRoot } from './package-root.ts';

/** A pool is all processes of one kind. */
export type PoolName = 'transaction' | 'quote' | 'trigger' | 'audit' | 'intake' | 'web';
/** The number of processes of each pool. */
export type Pools = Readonly<Record<PoolName, number>>;
/** Makes a record with a value for each pool. */
export const mapPools = <Value>(
  valueOf: (name: PoolName) => Value,
): Readonly<Record<PoolName, Value>> => ({
  transaction: valueOf('transaction'),
  quote: valueOf('quote'),
  trigger: valueOf('trigger'),
  audit: valueOf('audit'),
  intake: valueOf('intake'),
  web: valueOf('web'),
});
/** The most processes of each pool. */
export const POOL_SIZES_MAX: Pools = {
  transaction: 32,
  quote: 8,
  trigger: 8,
  audit: 8,
  intake: 2,
  web: 16,
};
/** A system does its work without its edges, and not without the other pools. */
const POOL_SIZES_LEAST: Pools = {
  transaction: 1,
  quote: 1,
  trigger: 1,
  audit: 1,
  intake: 0,
  web: 0,
};

export type Config = {
  /** The data folder. */
  readonly home: string;
  readonly quoteServer: { readonly host: string; readonly port: number } | undefined;
  /** Flags of the stand-in if no quote server is given; undefined = the default of the command. */
  readonly quoteServerFlags: readonly string[] | undefined;
  readonly amqpUrl: string | undefined;
  readonly amqpManagementUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly orderLifetimeMs: number;
  readonly quoteLifetimeMs: number;
  /** How often quotes are refreshed for armed triggers; 0 = never; undefined = the command's default. */
  readonly triggerRefreshMs: number | undefined;
  readonly shards: number;
  /** Whether the environment sets `shards`. If not, the count stored in the database applies. */
  readonly areShardsGiven: boolean;
  /** The number of this machine, from 1, and how many machines share the broker and the database. */
  readonly machine: { readonly no: number; readonly of: number };
  /** The number of processes of each pool; undefined = the command's default. */
  readonly processes: Readonly<Record<PoolName, number | undefined>>;
  /**
   * The supervisor kills and replaces a process that is silent for this long. 0 = never, and processes do
   * not watch their operations.
   */
  readonly watchdogMs: number;
  /** 0 = any free port; undefined = the port of the last start, or the default one. */
  readonly webPort: number | undefined;
  /** PEM files; undefined = those made for this machine. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly managementPort: number | undefined;
  /** The port of the supervisor, or of a process without a supervisor; undefined = a free one. */
  readonly metricsPort: number | undefined;
  /** The address on which the web server listens. */
  readonly bind: string;
  /** The address on which every process serves its metrics, without a password. */
  readonly metricsBind: string;
  readonly auditDebug: boolean;
  /** Whether the private services run as on three machines: a broker cluster, a database with standbys. */
  readonly replicated: boolean;
  /** Whether a commit in such a database waits until a standby has it too, however long that takes. */
  readonly replicationStrict: boolean;
  readonly logLevel: string;
  /** The targets of the log; undefined = files, and standard output unless that is a terminal. */
  readonly logTo: LogTarget | undefined;
  /** `file`, or the URL of a collector; undefined = no traces. */
  readonly traces: string | undefined;
};

/** The longest duration: eleven days. A timer of Node.js set to 25 days or more fires at once. */
const SECONDS_MAX = 1_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. Throws a `ConfigError` that lists all faults. */
export function readConfig(environment: Environment): Config {
  const { config, faults } = examineConfig(environment);
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

/** Returns the faults of the environment, and the configuration with defaults for the faulty variables. */
export function examineConfig(environment: Environment): {
  readonly config: Config;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const read = <Value>(
    name: string,
    parse: (text: string) => Value | undefined,
    expected: string,
  ): Value | undefined => {
    const text = environment[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) faults.push(`${name}=${text}: expected ${expected}`);
    return value;
  };
  const count = (name: string, most: number, least = 1): number | undefined =>
    read(name, wholeUpTo(least, most), `a whole number from ${least} to ${most}`);
  const port = (name: string): number | undefined =>
    read(name, wholeUpTo(0, 65_535), 'a port from 1 to 65535, or 0 for any that is free');
  const seconds = (name: string): number | undefined =>
    read(name, secondsAsMs, `seconds greater than 0, at most ${SECONDS_MAX}, fractions allowed`);

  const shards = count('SHARDS', SHARDS_MAX);
  const config: Config = {
    home: read('DAYTRADE_HOME', resolvePath, 'a folder') ?? join(packageRoot, '.daytrade'),
    quoteServer: read('QUOTE_SERVER', hostAndPort, 'host:port'),
    quoteServerFlags: read(
      'QUOTE_SERVER_FLAGS',
      (text) => text.split(/\s+/),
      'flags of daytrade quote-server',
    ),
    amqpUrl: read(
      'AMQP_URL',
      urlsOf('amqp:', 'amqps:'),
      'a URL amqp://user:password@host:port/vhost, or several with commas between',
    ),
    amqpManagementUrl: read('AMQP_MANAGEMENT_URL', urlOf('http:', 'https:'), 'a URL http://…'),
    databaseUrl: read(
      'DATABASE_URL',
      urlOf('postgres:', 'postgresql:'),
      'a URL postgresql://user:password@host:port/database',
    ),
    orderLifetimeMs: seconds('ORDER_LIFETIME_S') ?? 60_000,
    quoteLifetimeMs: seconds('QUOTE_LIFETIME_S') ?? 60_000,
    triggerRefreshMs: read(
      'TRIGGER_REFRESH_S',
      secondsOrOff,
      `seconds, at most ${SECONDS_MAX}, or 0 for off`,
    ),
    shards: shards ?? 16,
    areShardsGiven: shards !== undefined,
    machine: read('MACHINE', machineOf, 'which of how many, such as 2/3') ?? { no: 1, of: 1 },
    processes: mapPools((name) =>
      count(`${name.toUpperCase()}_PROCESSES`, POOL_SIZES_MAX[name], POOL_SIZES_LEAST[name]),
    ),
    watchdogMs:
      read('WATCHDOG_S', secondsOrOff, `seconds, at most ${SECONDS_MAX}, or 0 for off`) ?? 5_000,
    webPort: port('WEB_PORT'),
    tlsCert: read('TLS_CERT', resolvePath, 'a file'),
    tlsKey: read('TLS_KEY', resolvePath, 'a file'),
    managementPort: anyFree(port('MANAGEMENT_PORT')),
    metricsPort: anyFree(port('METRICS_PORT')),
    bind: read('BIND', ipAddress, 'an IP address') ?? '127.0.0.1',
    metricsBind: read('METRICS_BIND', ipAddress, 'an IP address') ?? '127.0.0.1',
    replicated: read('REPLICATED', flag, '1 or 0') ?? false,
    replicationStrict: read('REPLICATION_STRICT', flag, '1 or 0') ?? true,
    auditDebug: read('AUDIT_DEBUG', flag, '1 or 0') ?? false,
    logLevel:
      read('LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error'), 'debug, info, warn or error') ??
      'info',
    logTo: read('LOG_TO', oneOf(...LOG_TARGETS), 'files, stdout or both'),
    traces: read('TRACES', traceTarget, 'file, or a URL http://host:4318/v1/traces'),
  };
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    faults.push('TLS_CERT and TLS_KEY: give both or neither');
  }
  return { config: Object.freeze(config), faults };
}

function machineOf(text: string): Config['machine'] | undefined {
  const [no = 0, of = 0] = (/^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? []).slice(1).map(Number);
  return no >= 1 && no <= of ? { no, of } : undefined;
}

/** Returns undefined for port 0, which means a free port that stays the same at each start. */
const anyFree = (port: number | undefined): number | undefined => (port === 0 ? undefined : port);

/** Resolves a path against the folder in which the user called npm, else the current one. */
const resolvePath = (text: string): string => resolve(process.env['INIT_CWD'] ?? '', text);

const wholeUpTo =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };

function secondsAsMs(text: string): number | undefined {
  const value = secondsOrOff(text);
  return value === 0 ? undefined : value;
}

/** Parses seconds, 0 included, and rounds them up to whole milliseconds, the unit of the database's clock. */
function secondsOrOff(text: string): number | undefined {
  if (!/^\d{1,7}(\.\d+)?$/.test(text) || Number(text) > SECONDS_MAX) return undefined;
  return Math.ceil(Number((Number(text) * 1_000).toFixed(3)));
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host, digits] = /^([^:\s]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

const urlOf =
  (...protocols: readonly string[]) =>
  (text: string): string | undefined =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined;

/** Accepts one URL, or several separated by commas. */
const urlsOf =
  (...protocols: readonly string[]) =>
  (text: string): string | undefined =>
    text.split(',').every((url) => urlOf(...protocols)(url.trim()) !== undefined)
      ? text
      : undefined;

const traceTarget = (text: string): string | undefined =>
  text === 'file' ? text : urlOf('http:', 'https:')(text);

const ipAddress = (text: string): string | undefined => (isIP(text) === 0 ? undefined : text);

const flag = (text: string): boolean | undefined =>
  text === '1' ? true : text === '0' ? false : undefined;

const oneOf =
  <Choice extends string>(...choices: readonly Choice[]) =>
  (text: string): Choice | undefined =>
    choices.find((choice) => choice === text);
