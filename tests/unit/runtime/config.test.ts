import { describe, expect, test } from '@jest/globals';
import { examineConfig, readConfig } from '../../../shared/runtime/config.ts';
import { ConfigError } from '../../../shared/runtime/errors.ts';

describe('the environment', () => {
  test('may be empty, or hold variables of others', () => {
    const config = readConfig({ PATH: '/bin', SHARDS: '', QUOTE_SERVER: '  ' });
    expect(config).toMatchObject({
      quoteServer: undefined,
      amqpUrl: undefined,
      orderLifetimeMs: 60_000,
      shards: 16,
      areShardsGiven: false,
      machine: { no: 1, of: 1 },
      bind: '127.0.0.1',
      metricsBind: '127.0.0.1',
      replicated: false,
      logLevel: 'info',
    });
    expect(config.home).toMatch(/\/\.daytrade$/);
  });

  test.each([
    ['ORDER_LIFETIME_S', '0.5', 'orderLifetimeMs', 500],
    ['QUOTE_SERVER', 'quotes.example:4444', 'quoteServer', { host: 'quotes.example', port: 4444 }],
    ['QUOTE_SERVER', '[::1]:4444', 'quoteServer', { host: '::1', port: 4444 }],
    ['QUOTE_SERVER_FLAGS', '--seed 7', 'quoteServerFlags', ['--seed', '7']],
    ['AMQP_URL', 'amqp://a/v,amqps://b/v', 'amqpUrl', 'amqp://a/v,amqps://b/v'],
    ['TRIGGER_REFRESH_S', '0', 'triggerRefreshMs', 0],
    ['PAGE_REFRESH_S', '0', 'pageRefreshMs', 0],
    ['SHOW_COSTS', '1', 'showsCosts', true],
    ['SHARDS', '8', 'shards', 8],
    ['MACHINE', '2/3', 'machine', { no: 2, of: 3 }],
    ['BIND', '::', 'bind', '::'],
    ['METRICS_BIND', '::', 'metricsBind', '::'],
    ['REPLICATED', '1', 'replicated', true],
    ['WEB_PORT', '0', 'webPort', 0],
    ['METRICS_PORT', '0', 'metricsPort', undefined],
    ['MANAGEMENT_PORT', '0', 'managementPort', undefined],
  ])('%s=%s is read', (name, text, field, value) => {
    expect(readConfig({ [name]: text })).toHaveProperty(field, value);
  });

  test.each([
    ['ORDER_LIFETIME_S', '0'],
    ['ORDER_LIFETIME_S', '1e3'],
    ['QUOTE_LIFETIME_S', '1000001'],
    ['QUOTE_SERVER', 'no-port'],
    ['QUOTE_SERVER', 'host:65536'],
    ['AMQP_URL', 'http://a'],
    ['AMQP_URL', 'amqp://a,'],
    ['DATABASE_URL', 'mysql://a'],
    ['SHARDS', '100'],
    ['MACHINE', '0/2'],
    ['MACHINE', '3/2'],
    ['TRANSACTION_PROCESSES', '33'],
    ['TRANSACTION_PROCESSES', '0'],
    ['WEB_PROCESSES', '17'],
    ['WEB_PORT', '-1'],
    ['BIND', 'localhost'],
    ['REPLICATED', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['TLS_CERT', 'alone.pem'],
  ])('%s=%s is a fault that is named', (name, text) => {
    const reading = (): unknown => readConfig({ [name]: text });
    expect(reading).toThrow(ConfigError);
    expect(reading).toThrow(name);
  });

  test('a system may do without web and intake', () => {
    const { processes } = readConfig({ WEB_PROCESSES: '0', INTAKE_PROCESSES: '0' });
    expect(processes).toMatchObject({ web: 0, intake: 0, transaction: undefined });
  });

  test('can be examined with its faults, and the rest is read', () => {
    const { config, faults } = examineConfig({ SHARDS: 'many', BIND: '::1' });
    expect([config.shards, config.bind, faults]).toEqual([
      16,
      '::1',
      [expect.stringContaining('SHARDS=many')],
    ]);
  });

  test('has all its faults reported at once', () => {
    expect(() => readConfig({ SHARDS: 'many', LOG_LEVEL: 'loud' })).toThrow(
      /SHARDS=many: expected .*\nLOG_LEVEL=loud: expected /,
    );
  });
});
