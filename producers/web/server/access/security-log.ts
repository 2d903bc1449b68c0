/** Writes the security log: acts of users, and refused requests. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Client, Pool } from '../../../../shared/pg/pool.ts';
import { logWebEvent, type WebEvent } from '../../../../shared/pg/web-log.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import { PROBLEMS } from '../../../../shared/web-api/problem.ts';
import { clientOf } from './client-address.ts';
import { problemOf } from '../parts/http-problem.ts';
import { REFUSALS_LOGGED_PER_MINUTE } from '../parts/limits.ts';
import { openRateLimit } from './rate-limit.ts';

export type Act = {
  readonly event: WebEvent;
  /** The user who did it, if not the asker of the request. */
  readonly actor?: string;
  /** The user whom it concerns. */
  readonly user?: string;
  readonly detail?: string;
};

/** Logs an act with the address of the request; in the transaction of the act, if there is one. */
export async function logAct(
  client: Client | Pool,
  request: FastifyRequest,
  { event, actor = request.asker?.user, user, detail }: Act,
): Promise<void> {
  await logWebEvent(client, { event, actor, user, detail, ...clientOf(request) });
}

/** Logs every answer with status 403 before it is sent, up to a rate for each asker or network. */
export function logRefusals(
  app: FastifyInstance,
  { pool, log }: { readonly pool: Pool; readonly log: Logger },
): void {
  const logged = openRateLimit({
    count: REFUSALS_LOGGED_PER_MINUTE,
    windowMs: 60_000,
    now: () => performance.now(),
  });
  app.addHook('onError', async (request, _reply, error: unknown) => {
    const { code } = problemOf(error);
    if (PROBLEMS[code].status !== 403) return;
    if (logged.take(request.asker?.user ?? clientOf(request).network) > 0) return;
    const detail = `${request.method} ${request.routeOptions.url ?? ''}: ${code}`;
    try {
      await logAct(pool, request, { event: 'refused', detail });
    } catch (failure) {
      log.warn('refusal not logged', { requestId: request.id, error: failure });
    }
  });
}
