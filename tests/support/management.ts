/** The management API of the tests' broker. */
import { manage as ask, type Method } from '../../infra/chaos/management.ts';
import { testManagementUrl } from './test-services.ts';

/** Asks for `/api/…`; gives the answer's JSON, or undefined where it has none. Rejects if refused. */
export const manage = (method: Method, path: string, body?: unknown): Promise<unknown> =>
  ask(testManagementUrl(), [method, path, body]);
