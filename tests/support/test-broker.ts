/** Makes a virtual host for a test. */
import { randomBytes } from 'node:crypto';
import { manage } from './management.ts';
import { testAmqpUrl } from './test-services.ts';
import { until } from './until.ts';

export type TestBroker = {
  readonly url: string;
  /** The name in the management API. */
  readonly virtualHost: string;
  /** Deletes it with its contents; the broker closes the connections to it. */
  readonly close: () => Promise<void>;
};

export async function openTestBroker(): Promise<TestBroker> {
  const virtualHost = `test-${randomBytes(6).toString('hex')}`;
  const url = new URL(testAmqpUrl());
  url.pathname = `/${virtualHost}`;
  await manage('PUT', `vhosts/${virtualHost}`, {});
  await manage('PUT', `permissions/${virtualHost}/${url.username}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  return {
    url: url.href,
    virtualHost,
    close: async () => {
      // A busy broker may need longer for all queues than a request may take. It stops when the
      // request is given up, and the next one goes on.
      const isDeleted = async (): Promise<boolean> => {
        await manage('DELETE', `vhosts/${virtualHost}`).catch(() => undefined);
        return !(await virtualHosts()).includes(virtualHost);
      };
      await until(isDeleted, { what: `the virtual host ${virtualHost} is deleted` });
    },
  };
}

async function virtualHosts(): Promise<readonly string[]> {
  const hosts = (await manage('GET', 'vhosts')) as readonly { readonly name: string }[];
  return hosts.map(({ name }) => name);
}
