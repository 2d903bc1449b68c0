/** Examines the services that the environment names: reachability, version, plugins and clock. */
import { probeBroker } from '../../shared/amqp/probe.ts';
import { askDatabase, lacksOf, POSTGRES_OLDEST } from '../../shared/pg/probe.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import type { Examined } from './examined.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/** The largest difference of clocks that is reported as good. */
const CLOCK_GOOD_MS = 1_000;
/**
 * The longest wait for one service: each of the two requests to the management API may take ten
 * seconds.
 */
const ANSWER_MAX_MS = 20_000;

export async function examineGiven(config: Config): Promise<readonly Examined[]> {
  const { databaseUrl, amqpUrl, amqpManagementUrl } = config;
  const each = await Promise.all([
    databaseUrl === undefined ? [] : within('DATABASE_URL', examineDatabase(databaseUrl)),
    amqpUrl === undefined ? [] : within('AMQP_URL', examineBroker(amqpUrl)),
    amqpUrl === undefined
      ? []
      : within('AMQP_MANAGEMENT_URL', examineManagement(amqpManagementUrl)),
  ]);
  return each.flat();
}

/**
 * Resolves to the findings, or after `ANSWER_MAX_MS` to one finding that the service did not
 * answer.
 */
async function within(
  variable: string,
  examining: Promise<readonly Examined[]>,
): Promise<readonly Examined[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Examined[]>((resolve) => {
    const found = [unreachable(variable, new Error(`no answer in ${ANSWER_MAX_MS / 1_000} s`))];
    timer = setTimeout(() => resolve(found), ANSWER_MAX_MS);
  });
  return await Promise.race([examining, late]).finally(() => clearTimeout(timer));
}

async function examineDatabase(url: string): Promise<readonly Examined[]> {
  try {
    const askedAt = Date.now();
    const { clockMs, ...facts } = await askDatabase(url);
    // The database read its clock at some time between the request and now.
    const between = (askedAt + Date.now()) / 2;
    return [judgeDatabase(facts), judgeClock(clockMs - between)];
  } catch (error) {
    return [unreachable('DATABASE_URL', error)];
  }
}

export function judgeDatabase(facts: Parameters<typeof lacksOf>[0]): Examined {
  const what = 'DATABASE_URL';
  const found = `PostgreSQL ${facts.version}`;
  if (Number.parseInt(facts.version, 10) < POSTGRES_OLDEST) {
    return { what, is: 'bad', found, advice: `Use PostgreSQL ${POSTGRES_OLDEST} or later.` };
  }
  const lacks = lacksOf(facts);
  if (lacks.length === 0) return { what, is: 'good', found };
  const advice = 'Use a version that is maintained, in a build with LZ4.';
  return { what, is: 'doubtful', found: `${found}: ${lacks.join('; ')}`, advice };
}

export function judgeClock(aheadMs: number): Examined {
  const what = 'clock';
  const found = `the database's is ${(aheadMs / 1_000).toFixed(1)} s ahead of ours`;
  if (Math.abs(aheadMs) <= CLOCK_GOOD_MS) return { what, is: 'good', found };
  const advice = 'Quotes and orders expire by these clocks: run NTP (chrony) on both machines.';
  return { what, is: 'doubtful', found, advice };
}

async function examineBroker(url: string): Promise<readonly Examined[]> {
  try {
    await probeBroker(url);
    return [{ what: 'AMQP_URL', is: 'good', found: 'answers' }];
  } catch (error) {
    return [unreachable('AMQP_URL', error)];
  }
}

async function examineManagement(url: string | undefined): Promise<readonly Examined[]> {
  const what = 'AMQP_MANAGEMENT_URL';
  if (url === undefined) {
    const advice = `Set it; or import what ${OWN_COMMAND} definitions prints: else queues have no limits, and RabbitMQ 4 drops a message at its 21st delivery.`;
    return [{ what, is: 'doubtful', found: 'not set', advice }];
  }
  try {
    const { rabbitmq_version: version } = (await openManagement(url).ask('GET', ['overview'])) as {
      readonly rabbitmq_version: string;
    };
    const nodes = (await openManagement(url).ask('GET', ['nodes'])) as readonly {
      readonly enabled_plugins?: readonly string[];
    }[];
    const plugins = nodes.flatMap((node) => node.enabled_plugins ?? []);
    return [{ what, is: 'good', found: `RabbitMQ ${version}` }, judgePlugins(plugins)];
  } catch (error) {
    return [unreachable(what, error)];
  }
}

export function judgePlugins(plugins: readonly string[]): Examined {
  const what = 'plugins';
  if (plugins.includes('rabbitmq_prometheus')) {
    return { what, is: 'good', found: 'rabbitmq_prometheus is enabled' };
  }
  const advice = 'rabbitmq-plugins enable rabbitmq_prometheus: alerts about queues need it.';
  return { what, is: 'doubtful', found: 'rabbitmq_prometheus is not enabled', advice };
}

function unreachable(what: string, error: unknown): Examined {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  const advice = `See that it runs and takes this user and password, or leave ${what} out.`;
  return { what, is: 'bad', found: `cannot be used: ${reason}`, advice };
}
