/** Each role may do on the broker what it must, and is refused everything else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccess, type Access } from '../../../infra/services/access.ts';
import { declareTopology } from '../../../shared/amqp/declare.ts';
import { openLink, type OnConnection } from '../../../shared/amqp/link.ts';
import { deferred } from '../../../shared/runtime/deferred.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { ROLES, type Role } from '../../../shared/runtime/roles.ts';
import { manage } from '../../support/management.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';

let broker: TestBroker;
let database: TestDatabase;
let access: Access;
const said: string[] = [];

beforeAll(async () => {
  broker = await openTestBroker();
  database = await openTestDatabase();
  const log = recordingLogger();
  const link = await openLink({ url: broker.url, name: 'owner', log });
  await declareTopology(link, topologyOf(16));
  await link.close();
  const urls = {
    amqpUrl: broker.url,
    databaseUrl: database.url,
    managementUrl: testManagementUrl(),
  };
  access = await openAccess(urls, { say: (line) => void said.push(line), log });
});
afterAll(async () => {
  await broker.close();
  await database.close();
});

type Model = Parameters<OnConnection>[0];
type Channel = Awaited<ReturnType<Model['createConfirmChannel']>>;

/** The default exchange, which reaches every queue by its name. */
const DEFAULT_EXCHANGE = '';

/** Resolves to the reason of a refusal by the broker, or to undefined if it did not refuse. */
async function refusal(
  role: Role,
  work: (channel: Channel) => Promise<unknown>,
): Promise<string | undefined> {
  const link = await openLink({ url: access(role).amqpUrl, name: role, log: recordingLogger() });
  const tried = deferred<string | undefined>();
  await link.listen(async (model) => {
    const channel = await model.createConfirmChannel();
    let fault: string | undefined;
    channel.on('error', (error: Error) => void (fault = error.message));
    const attempt = async (): Promise<undefined> => {
      await work(channel);
      await channel.waitForConfirms();
    };
    await attempt().then(tried.resolve, (error: unknown) =>
      tried.resolve(fault ?? (error instanceof Error ? error.message : String(error))),
    );
  });
  await link.close();
  return await tried.promise;
}

const publish =
  (exchange: string, key = 'key') =>
  (channel: Channel): Promise<unknown> => {
    channel.publish(exchange, key, Buffer.from('x'));
    return Promise.resolve();
  };
const consume =
  (queue: string) =>
  async (channel: Channel): Promise<unknown> => {
    const { consumerTag } = await channel.consume(queue, () => undefined);
    return await channel.cancel(consumerTag);
  };
const purge =
  (queue: string) =>
  (channel: Channel): Promise<unknown> =>
    channel.purgeQueue(queue);
const drop =
  (queue: string) =>
  (channel: Channel): Promise<unknown> =>
    channel.deleteQueue(queue);

const REFUSED = /ACCESS_REFUSED/;

const MAY: readonly (readonly [Role, string, (channel: Channel) => Promise<unknown>])[] = [
  ['transaction', 'publishes audit messages', publish('audit')],
  ['transaction', 'takes commands', consume('commands.shard.03')],
  ['quote', 'tells changed prices', publish('quotes.changed')],
  ['trigger', 'sends firings', publish('commands.16')],
  ['audit', 'takes audit messages', consume('audit.events')],
  ['intake', 'takes lines', consume('intake.lines')],
  ['producer', 'sends commands', publish('commands.16')],
  ['web', 'sends commands', publish('commands.16')],
  ['transaction', 'answers', publish('replies')],
  ['quote', 'answers', publish('replies')],
  ['audit', 'answers for dumps', publish('replies')],
  ['web', 'sends parked prices back', publish('replay', 'triggers.quotes')],
  ['operator', 'publishes lines by hand', publish('intake')],
  ['operator', 'looks at what is parked', consume('commands.parked')],
];

const MAY_NOT: readonly (readonly [Role, string, (channel: Channel) => Promise<unknown>])[] = [
  ['transaction', 'send commands', publish('commands.16')],
  ['transaction', 'take audit messages', consume('audit.events')],
  ['quote', 'send commands', publish('commands.16')],
  ['quote', 'take commands', consume('commands.shard.00')],
  ['trigger', 'publish audit messages', publish('audit')],
  ['audit', 'send commands', publish('commands.16')],
  ['audit', 'publish audit messages', publish('audit')],
  ['intake', 'take commands', consume('commands.shard.00')],
  ['producer', 'take commands', consume('commands.shard.00')],
  ['producer', 'publish audit messages', publish('audit')],
  ['producer', 'delete a queue of commands', drop('commands.shard.00')],
  ['web', 'take commands', consume('commands.shard.00')],
  ['web', 'tell prices', publish('quotes.changed')],
  ['reader', 'publish', publish('intake')],
  ['reader', 'take anything', consume('commands.parked')],
  ['operator', 'send commands past the intake', publish('commands.16')],
  ['operator', 'take commands out of their order', consume('commands.shard.00')],
  ['operator', 'empty a queue of commands', purge('commands.shard.00')],
];

describe('roles on the broker', () => {
  test('the roles were made without a warning', () => {
    expect(said).toEqual([]);
  });

  test.each(MAY)('%s %s', async (role, _what, work) => {
    expect(await refusal(role, work)).toBeUndefined();
  });

  test.each(MAY_NOT)('%s may not %s', async (role, _what, work) => {
    expect(await refusal(role, work)).toMatch(REFUSED);
  });

  // The intake answers to queues of its clients. It refuses queues of the system itself.
  test.each(ROLES.filter((role) => role !== 'intake'))(
    '%s may not publish to whichever queue it names',
    async (role) => {
      const work = publish(DEFAULT_EXCHANGE, 'commands.shard.00');
      expect(await refusal(role, work)).toMatch(REFUSED);
    },
  );

  test.each(ROLES)('%s may not make a queue or an exchange of its own', async (role) => {
    expect(await refusal(role, (channel) => channel.assertQueue('mine'))).toMatch(REFUSED);
    expect(await refusal(role, (channel) => channel.assertExchange('mine', 'topic'))).toMatch(
      REFUSED,
    );
  });

  test('there is no user guest', async () => {
    const users = (await manage('GET', 'users')) as readonly { readonly name: string }[];
    expect(users.map(({ name }) => name)).not.toContain('guest');
    expect(users.length).toBeGreaterThan(ROLES.length);
  });

  test('only the operator and the reader may sign in to the management UI, and not to change users', async () => {
    const status = async (role: Role, path: string): Promise<number> => {
      const { origin } = new URL(testManagementUrl());
      const { username, password } = new URL(access(role).amqpUrl);
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return (await fetch(`${origin}/api/${path}`, { headers: { authorization } })).status;
    };
    expect(await status('operator', 'overview')).toBe(200);
    expect(await status('operator', 'users')).toBe(401);
    expect(await status('reader', 'overview')).toBe(200);
    expect(await status('transaction', 'overview')).toBe(401);
  });

  test('the operator may set no policy that empties a queue or diverts it, and close no connection', async () => {
    const { origin } = new URL(testManagementUrl());
    const { username, password } = new URL(access('operator').amqpUrl);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const ask = async (method: string, path: string, body?: object): Promise<number> => {
      const response = await fetch(`${origin}/api/${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.status;
    };
    const policy = (definition: object): object => ({
      ...{ pattern: '^commands', definition, 'apply-to': 'queues', priority: 9 },
    });
    const { virtualHost } = broker;
    const attacks: readonly (readonly [string, string, object?])[] = [
      ['PUT', `policies/${virtualHost}/empty`, policy({ 'max-length': 0 })],
      ['PUT', `policies/${virtualHost}/expire`, policy({ 'message-ttl': 0 })],
      ['PUT', `policies/${virtualHost}/divert`, policy({ 'dead-letter-exchange': 'intake' })],
      ['PUT', `operator-policies/${virtualHost}/empty`, policy({ 'max-length': 0 })],
      ['DELETE', `policies/${virtualHost}/commands`],
      ['PUT', `parameters/shovel/${virtualHost}/divert`, { value: {} }],
      ['DELETE', `queues/${virtualHost}/commands.shard.00/contents`],
      [
        'PUT',
        `permissions/${virtualHost}/${username}`,
        { configure: '.*', write: '.*', read: '.*' },
      ],
      ['PUT', `users/${username}`, { password, tags: 'administrator' }],
    ];
    for (const [method, path, body] of attacks) {
      const status = await ask(method, path, body);
      // The broker refuses to empty a queue as it does over AMQP: 400, ACCESS_REFUSED.
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
    }
    expect(await manage('GET', `policies/${virtualHost}`)).toEqual([]);
  });

  test('if no user may be made, all processes use the given one, with a warning', async () => {
    const lines: string[] = [];
    const urls = { amqpUrl: broker.url, databaseUrl: database.url, managementUrl: undefined };
    const options = { say: (line: string) => void lines.push(line), log: recordingLogger() };
    const alone = await openAccess(urls, options);
    expect(alone('quote').amqpUrl).toBe(broker.url);
    expect(lines).toEqual([
      'Warning: all processes use the one user of AMQP_URL: AMQP_MANAGEMENT_URL is not set',
    ]);
  });

  test('a database user that may make no roles is used, with a warning', async () => {
    const lines: string[] = [];
    const { amqpUrl } = access('operator');
    const databaseUrl = access('reader').databaseUrl;
    const options = { say: (line: string) => void lines.push(line), log: recordingLogger() };
    const urls = { amqpUrl, databaseUrl, managementUrl: undefined };
    const alone = await openAccess(urls, options);
    expect(alone('quote').databaseUrl).toBe(databaseUrl);
    expect(lines.join('\n')).toContain(
      'all processes use the one user of DATABASE_URL: permission',
    );
  });
});
