/** The management API of the tests' broker. */
import { openManagement, type Management } from '../../shared/amqp/management.ts';
import { testManagementUrl } from './test-services.ts';

/**
 * Requests `/api/…`, with a path whose segments are encoded; resolves to the answer's JSON, or to
 * undefined for an empty answer. Rejects if the request is refused.
 */
export const manage = (
  method: Parameters<Management['ask']>[0],
  path: string,
  body?: unknown,
): Promise<unknown> =>
  openManagement(testManagementUrl()).ask(method, path.split('/').map(decodeURIComponent), body);
