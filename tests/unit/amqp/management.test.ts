/** A broker that closes a kept connection just when a request comes on it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openManagement, type Management } from '../../../shared/amqp/management.ts';

let server: Server;
let management: Management;
/** The requests that came, and the number of the one whose connection is closed. */
let came: string[];
const CLOSED = 2;

beforeEach(async () => {
  came = [];
  server = createServer((request, response) => {
    came.push(request.method ?? '');
    if (came.length === CLOSED) request.socket.destroy();
    else response.end('{"is":"answered"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  management = openManagement(`http://user:password@127.0.0.1:${port}`);
  await management.ask('GET', ['overview']);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test.each(['GET', 'PUT', 'DELETE'] as const)('gets a %s once more', async (method) => {
  expect(await management.ask(method, ['vhosts', 'one'])).toEqual({ is: 'answered' });
  expect(came).toEqual(['GET', method, method]);
});

test('gets no POST twice', async () => {
  await expect(management.ask('POST', ['definitions'])).rejects.toMatchObject({
    code: 'broker-unavailable',
  });
  expect(came).toEqual(['GET', 'POST']);
});
