/** Sends a log to a browser in constant memory, once it holds everything that was committed before. */
import type { FastifyReply } from 'fastify';
import { auditXml } from '../../../../shared/pg/audit-xml.ts';
import { isOutboxOpen, lastOutboxId } from '../../../../shared/pg/web-admin.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import { HttpProblem } from './http-problem.ts';
import { LOG_SETTLED_MAX_MS } from './limits.ts';
import type { WebParts } from './web-parts.ts';

export const LOG_TYPE = 'application/xml; charset=utf-8';

const AUDIT_POLL_MS = 50;

type LogRequest = {
  readonly asker: string;
  /** The user of the log; undefined for the whole log. */
  readonly user: string | undefined;
  /** The name of the file. */
  readonly name: string;
  /** Counts or estimates the events, so that the client can show progress. */
  readonly count: () => Promise<number>;
};

/** Streams a log as a download, with the number of its events in `x-log-events`. */
export async function sendLog(
  reply: FastifyReply,
  { pool, logPool, downloads }: Pick<WebParts, 'pool' | 'logPool' | 'downloads'>,
  { asker, user, name, count }: LogRequest,
): Promise<unknown> {
  await waitForAudit(pool);
  return await downloads.send(reply, {
    user: asker,
    type: LOG_TYPE,
    name,
    headers: { 'x-log-events': (await count()).toString() },
    pieces: auditXml(logPool, user),
  });
}

/**
 * Resolves once every audit message that was committed before the call is stored. Throws `unavailable` after
 * `LOG_SETTLED_MAX_MS`.
 */
async function waitForAudit(pool: Pool): Promise<void> {
  const upTo = await lastOutboxId(pool);
  const deadline = performance.now() + LOG_SETTLED_MAX_MS;
  while (await isOutboxOpen(pool, upTo)) {
    if (performance.now() > deadline) {
      throw new HttpProblem('unavailable', 'the audit log is behind: try again in a while');
    }
    await new Promise((resolve) => setTimeout(resolve, AUDIT_POLL_MS));
  }
}
