import { describe, expect, test } from '@jest/globals';
import { openBrokerAddresses } from '../../../shared/amqp/broker-addresses.ts';

describe('addresses of brokers', () => {
  test('one broker is its own next one, with the usual heartbeat', () => {
    const addresses = openBrokerAddresses('amqp://me:p%40ss@127.0.0.1:5673/trade');
    expect(addresses.count).toBe(1);
    addresses.next();
    expect(addresses.current).toEqual({
      protocol: 'amqp',
      hostname: '127.0.0.1',
      port: 5673,
      username: 'me',
      password: 'p@ss',
      vhost: 'trade',
      heartbeat: 10,
    });
  });

  test('those of a cluster come in turn, the first again after the last', () => {
    const addresses = openBrokerAddresses('amqp://u:p@a/v, amqp://u:p@b:1/v,amqps://u:p@c/v');
    const hosts = [0, 1, 2, 3].map(() => {
      const { hostname } = addresses.current;
      addresses.next();
      return hostname;
    });
    expect(hosts).toEqual(['a', 'b', 'c', 'a']);
  });

  test('the settings of one address do not apply to the next', () => {
    const addresses = openBrokerAddresses('amqp://u:p@a:1/v,amqp://b/v');
    addresses.next();
    expect(addresses.current).not.toHaveProperty('port');
    expect(addresses.current).not.toHaveProperty('username');
  });

  test('a cluster notices a silent broker soon, unless the address says otherwise', () => {
    const addresses = openBrokerAddresses('amqp://a/v,amqp://b/v?heartbeat=7');
    expect(addresses.current.heartbeat).toBe(1);
    addresses.next();
    expect(addresses.current.heartbeat).toBe(7);
  });
});
