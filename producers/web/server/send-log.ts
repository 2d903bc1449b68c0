/** A log on its way to a browser, in constant memory, once everything answered before is in it. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { auditXml } from '../../../shared/pg/audit-xml.ts';
import { isOutboxOpen, lastOutboxId } from '../../../shared/pg/web-admin.ts';
import type { Pool } from '../../../shared/pg/pool.ts';
import { HttpProblem } from './http-problem.ts';
import { LOG_SETTLED_MAX_MS, LOGS_AT_ONCE } from './limits.ts';
import type { WebParts } from './web-parts.ts';

export const LOG_TYPE = 'application/xml; charset=utf-8';

const LOOK_MS = 50;

export type LogRequest = {
  /** Undefined: the whole log. */
  readonly user: string | undefined;
  /** Of the file. */
  readonly name: string;
  /** How many events follow, for whoever shows progress. */
  readonly count: () => Promise<number>;
};

export async function sendLog(
  reply: FastifyReply,
  { pool, logPool }: Pick<WebParts, 'pool' | 'logPool'>,
  { user, name, count }: LogRequest,
): Promise<unknown> {
  if (logPool.totalCount - logPool.idleCount >= LOGS_AT_ONCE || logPool.waitingCount > 0) {
    throw new HttpProblem('unavailable', 'other logs are being read: try again in a while', {
      'retry-after': '5',
    });
  }
  await settled(pool);
  return await reply
    .type(LOG_TYPE)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('x-log-events', (await count()).toString())
    .send(Readable.from(auditXml(logPool, user), { objectMode: true, highWaterMark: 2 }));
}

/** Resolves once every audit message cut before now is stored. */
async function settled(pool: Pool): Promise<void> {
  const upTo = await lastOutboxId(pool);
  const deadline = performance.now() + LOG_SETTLED_MAX_MS;
  while (await isOutboxOpen(pool, upTo)) {
    if (performance.now() > deadline) {
      throw new HttpProblem('unavailable', 'the audit log is behind: try again in a while');
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
