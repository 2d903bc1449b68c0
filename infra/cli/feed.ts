/** `daytrade feed`: manages the readers of the feed, which says what happens to accounts. */
import type { Command } from 'commander';
import { openManagement } from '../../shared/amqp/management.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, ConfigError, UsageError } from '../../shared/runtime/errors.ts';
import {
  grantReader,
  listReaders,
  revokeReader,
  type FeedServices,
} from '../operations/feed-readers.ts';
import { openCliLogger } from './log.ts';
import { openBrokerLink } from './open-broker-link.ts';
import { count, say, table, writeOut } from './output.ts';
import { withRunningSystem } from './running-system.ts';

const ALL_KEYS = 'feed.#';

type Json = { readonly json?: true | undefined };

export function registerFeed(program: Command): void {
  const feed = program.command('feed').description('let programs read what happens to accounts');
  feed
    .command('grant')
    .description('make a reader, or give it a new password; the URL is printed once')
    .argument('<name>', 'the name of the reader', readerName)
    .option('--keys <pattern>', 'only routing keys such as feed.alice.* or feed.*.bought', ALL_KEYS)
    .option('--json', 'print JSON')
    .action((name: string, { keys, json }: { readonly keys: string } & Json) =>
      onServices((services) => grant(services, { name, keys: keysOf(keys), json })),
    );
  feed
    .command('revoke')
    .description('end a reader: its user and its queue')
    .argument('<name>', 'the name of the reader', readerName)
    .action((name: string) => onServices((services) => revoke(services, name)));
  feed
    .command('list')
    .description('list the readers')
    .option('--json', 'print JSON')
    .action(({ json }: Json) => onServices((services) => list(services, json)));
}

function readerName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(text)) return text;
  throw new UsageError(`"${text}" is no name of a reader: 1 to 32 of a-z 0-9 -`);
}

/** The longest routing key, or pattern of them, that the protocol allows. */
const KEY_BYTES_MAX = 255;

function keysOf(text: string): string {
  const isPattern = /^feed(\.([A-Za-z0-9_%*-]+|#))+$/.test(text) && text.length <= KEY_BYTES_MAX;
  if (isPattern) return text;
  throw new UsageError(`--keys ${text}: expected feed.USER.KIND with * for one part, # for any`);
}

async function onServices(work: (services: FeedServices) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  await withRunningSystem(config, async ({ info }) => {
    const { amqpUrl, databaseUrl, managementUrl } = info;
    if (managementUrl === undefined) {
      throw new ConfigError('the feed needs the management API: set AMQP_MANAGEMENT_URL');
    }
    const log = openCliLogger(config, 'feed');
    const link = await openBrokerLink({ url: amqpUrl, name: 'feed', log });
    const pool = openPool({ url: databaseUrl, name: 'feed', size: 1, log });
    try {
      await work({ amqpUrl, link, management: openManagement(managementUrl), pool });
    } finally {
      await Promise.all([link.close(), pool.end()]);
    }
  });
}

async function grant(
  services: FeedServices,
  { name, keys, json }: { readonly name: string; readonly keys: string } & Json,
): Promise<void> {
  const granted = await grantReader(services, { name, keys });
  if (json === true) {
    await writeOut(`${JSON.stringify(granted, undefined, 2)}\n`);
    return;
  }
  say(`${name} may read the ${granted.type} ${granted.queue} (${keys}). Its URL, shown this once:`);
  await writeOut(`${granted.url}\n`);
  const from = granted.type === 'stream' ? ' first' : '';
  say(`An example follows it: node infra/examples/leaderboard.mjs URL ${granted.queue}${from}`);
}

async function revoke(services: FeedServices, name: string): Promise<void> {
  if (!(await revokeReader(services, name))) {
    throw new CodedError('not-finished', `nobody reads the feed as ${name}`);
  }
  say(`${name}: revoked`);
}

async function list(services: FeedServices, json: true | undefined): Promise<void> {
  const readers = await listReaders(services);
  if (json === true) {
    await writeOut(`${JSON.stringify(readers, undefined, 2)}\n`);
    return;
  }
  if (readers.length === 0) {
    say('Nobody reads the feed, so nothing is published.');
    return;
  }
  const shown = readers.map(({ name, keys, messages }) => {
    const stored =
      messages === undefined ? 'no queue: grant it again' : `${count(messages)} stored`;
    return [name, `${keys}  ${stored}`] as const;
  });
  await writeOut(`${table(shown)}\n`);
}
