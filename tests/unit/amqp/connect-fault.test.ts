import { expect, test } from '@jest/globals';
import { connectFault } from '../../../shared/amqp/link.ts';

test.each([
  'connect ECONNREFUSED 127.0.0.1:5672',
  'Socket closed abruptly during opening handshake',
])('a broker that is away comes back: %s', (reason) => {
  expect(connectFault(new Error(reason)).code).toBe('broker-unavailable');
});

test('a broker that refuses the user does not', () => {
  const reason = 'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "…"';
  expect(connectFault(new Error(reason)).code).toBe('config-invalid');
});
