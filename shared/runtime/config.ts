/** The configuration from the environment. All faults are reported together, before any connection. */
import { SHARDS_MAX } from '../domain/shard.ts';
import { EnvironmentReader, isUrl, type Environment } from './environment.ts';
import { ConfigError } from './errors.ts';
import { LOG_TARGETS, type LogTarget } from './log-sink.ts';
import { defaultHome } from './package-root.ts';

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
  /** How often the web renews the price of a stock page that is looked at; 0 = never. */
  readonly pageRefreshMs: number;
  /** Whether the web shows what hits cost. */
  readonly showsCosts: boolean;
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
  const reader = new EnvironmentReader(environment);
  const shards = reader.count('SHARDS', SHARDS_MAX);
  const config: Config = {
    shards: shards ?? 16,
    areShardsGiven: shards !== undefined,
    ...readServices(reader),
    ...readTimes(reader),
    ...readPages(reader),
    ...readProcesses(reader),
    ...readPorts(reader),
    ...readReplication(reader),
    ...readLogging(reader),
  };
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    reader.addFault('TLS_CERT and TLS_KEY: give both or neither');
  }
  return { config: Object.freeze(config), faults: reader.faults() };
}

/** A part of the configuration; the compiler checks that all parts together are complete. */
type Part<Name extends keyof Config> = Pick<Config, Name>;

type ServiceNames =
  'home' | 'quoteServer' | 'quoteServerFlags' | 'amqpUrl' | 'amqpManagementUrl' | 'databaseUrl';

const readServices = (reader: EnvironmentReader): Part<ServiceNames> => ({
  home: reader.path('DAYTRADE_HOME', 'a folder') ?? defaultHome,
  quoteServer: reader.hostAndPort('QUOTE_SERVER'),
  quoteServerFlags: reader.read(
    'QUOTE_SERVER_FLAGS',
    (text) => text.split(/\s+/),
    'flags of daytrade quote-server',
  ),
  amqpUrl: reader.urls(
    'AMQP_URL',
    ['amqp:', 'amqps:'],
    'a URL amqp://user:password@host:port/vhost, or several with commas between',
  ),
  amqpManagementUrl: reader.url('AMQP_MANAGEMENT_URL', ['http:', 'https:'], 'a URL http://…'),
  databaseUrl: reader.url(
    'DATABASE_URL',
    ['postgres:', 'postgresql:'],
    'a URL postgresql://user:password@host:port/database',
  ),
});

const readTimes = (
  reader: EnvironmentReader,
): Part<'orderLifetimeMs' | 'quoteLifetimeMs' | 'triggerRefreshMs'> => ({
  orderLifetimeMs: reader.seconds('ORDER_LIFETIME_S') ?? 60_000,
  quoteLifetimeMs: reader.seconds('QUOTE_LIFETIME_S') ?? 60_000,
  triggerRefreshMs: reader.secondsOrOff('TRIGGER_REFRESH_S'),
});

const readPages = (reader: EnvironmentReader): Part<'pageRefreshMs' | 'showsCosts'> => ({
  pageRefreshMs: reader.secondsOrOff('PAGE_REFRESH_S') ?? 60_000,
  showsCosts: reader.flag('SHOW_COSTS') ?? false,
});

const readProcesses = (
  reader: EnvironmentReader,
): Part<'machine' | 'processes' | 'watchdogMs'> => ({
  machine: reader.read('MACHINE', machineOf, 'which of how many, such as 2/3') ?? { no: 1, of: 1 },
  processes: mapPools((name) =>
    reader.count(`${name.toUpperCase()}_PROCESSES`, POOL_SIZES_MAX[name], POOL_SIZES_LEAST[name]),
  ),
  watchdogMs: reader.secondsOrOff('WATCHDOG_S') ?? 5_000,
});

type PortNames =
  'webPort' | 'tlsCert' | 'tlsKey' | 'managementPort' | 'metricsPort' | 'bind' | 'metricsBind';

const readPorts = (reader: EnvironmentReader): Part<PortNames> => ({
  webPort: reader.port('WEB_PORT'),
  tlsCert: reader.path('TLS_CERT', 'a file'),
  tlsKey: reader.path('TLS_KEY', 'a file'),
  managementPort: anyFree(reader.port('MANAGEMENT_PORT')),
  metricsPort: anyFree(reader.port('METRICS_PORT')),
  bind: reader.ipAddress('BIND') ?? '127.0.0.1',
  metricsBind: reader.ipAddress('METRICS_BIND') ?? '127.0.0.1',
});

const readReplication = (reader: EnvironmentReader): Part<'replicated' | 'replicationStrict'> => ({
  replicated: reader.flag('REPLICATED') ?? false,
  replicationStrict: reader.flag('REPLICATION_STRICT') ?? true,
});

const readLogging = (
  reader: EnvironmentReader,
): Part<'auditDebug' | 'logLevel' | 'logTo' | 'traces'> => ({
  auditDebug: reader.flag('AUDIT_DEBUG') ?? false,
  logLevel:
    reader.choice('LOG_LEVEL', ['debug', 'info', 'warn', 'error'], 'debug, info, warn or error') ??
    'info',
  logTo: reader.choice('LOG_TO', LOG_TARGETS, 'files, stdout or both'),
  traces: reader.read('TRACES', traceTarget, 'file, or a URL http://host:4318/v1/traces'),
});

function machineOf(text: string): Config['machine'] | undefined {
  const [no = 0, of = 0] = (/^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? []).slice(1).map(Number);
  return no >= 1 && no <= of ? { no, of } : undefined;
}

/** Returns undefined for port 0, which means a free port that stays the same at each start. */
const anyFree = (port: number | undefined): number | undefined => (port === 0 ? undefined : port);

const traceTarget = (text: string): string | undefined =>
  text === 'file' || isUrl(text, ['http:', 'https:']) ? text : undefined;
