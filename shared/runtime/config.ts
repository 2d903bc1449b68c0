/** The environment, read in one place; every fault is named at once, before any connection. */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { SHARDS_MAX } from '../messages/address.ts';
import { ConfigError } from './errors.ts';
import { LOG_TARGETS, type LogTarget } from './log-sink.ts';
import { packageRoot } from './package-root.ts';

/** The processes of one kind each. */
export type PoolName = 'transaction' | 'quote' | 'trigger' | 'audit' | 'intake' | 'web';
/** How many processes of each. */
export type Pools = Readonly<Record<PoolName, number>>;
export const ofEachPool = <Value>(
  of: (name: PoolName) => Value,
): Readonly<Record<PoolName, Value>> => ({
  transaction: of('transaction'),
  quote: of('quote'),
  trigger: of('trigger'),
  audit: of('audit'),
  intake: of('intake'),
  web: of('web'),
});
/** No pool is larger. */
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
  /** For the stand-in, where no quote server is given; undefined = as the command sees fit. */
  readonly quoteServerFlags: readonly string[] | undefined;
  readonly amqpUrl: string | undefined;
  readonly amqpManagementUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly orderLifetimeMs: number;
  readonly quoteLifetimeMs: number;
  /** 0 = quotes are not refreshed for the sake of triggers; undefined = as the command sees fit. */
  readonly triggerRefreshMs: number | undefined;
  readonly shards: number;
  /** Whether the environment says so: else what is stored holds. */
  readonly areShardsGiven: boolean;
  /** Which of how many machines that share a broker and a database, counted from 1. */
  readonly machine: { readonly no: number; readonly of: number };
  /** How many processes of each pool; undefined = as the command sees fit. */
  readonly processes: Readonly<Record<PoolName, number | undefined>>;
  /** A process that says nothing for this long is killed and replaced; 0 = never. */
  readonly watchdogMs: number;
  /** 0 = any that is free; undefined = the usual one, or the one of the last start. */
  readonly webPort: number | undefined;
  /** Files in PEM; undefined = those made for this machine. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly managementPort: number | undefined;
  /** Of the supervisor, or of a process that runs without one; undefined = any that is free. */
  readonly metricsPort: number | undefined;
  /** The address on which the web listens. */
  readonly bind: string;
  /** The address on which every process serves its metrics, without a password. */
  readonly metricsBind: string;
  readonly auditDebug: boolean;
  /** The private services as three machines: a broker cluster, and a database with standbys. */
  readonly replicated: boolean;
  /** Of those: nothing is committed while no standby would have it too. */
  readonly replicationStrict: boolean;
  readonly logLevel: string;
  /** Where a system that runs logs to; undefined = files, and standard output where that is no terminal. */
  readonly logTo: LogTarget | undefined;
  /** `file`, or the URL of a collector; undefined = no traces. */
  readonly traces: string | undefined;
};

/** Eleven days. A timer of Node's runs at once when it is set to 25 or more. */
const SECONDS_MAX = 1_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment. Throws a `ConfigError` that lists every fault. */
export function readConfig(environment: Environment): Config {
  const { config, faults } = examineConfig(environment);
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config;
}

/** The configuration with defaults where the environment is at fault, and each fault. */
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
    home: read('DAYTRADE_HOME', resolveHome, 'a folder') ?? join(packageRoot, '.daytrade'),
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
    processes: ofEachPool((name) =>
      count(`${name.toUpperCase()}_PROCESSES`, POOL_SIZES_MAX[name], POOL_SIZES_LEAST[name]),
    ),
    watchdogMs:
      read('WATCHDOG_S', secondsOrOff, `seconds, at most ${SECONDS_MAX}, or 0 for off`) ?? 5_000,
    webPort: port('WEB_PORT'),
    tlsCert: read('TLS_CERT', resolveHome, 'a file'),
    tlsKey: read('TLS_KEY', resolveHome, 'a file'),
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

/** Without a port of its own a server takes a free one, the same at each start. */
const anyFree = (port: number | undefined): number | undefined => (port === 0 ? undefined : port);

const resolveHome = (text: string): string => resolve(process.env['INIT_CWD'] ?? '', text);

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

/** Whole milliseconds, as the database counts them. */
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

/** One, or those of a cluster with commas between. */
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
