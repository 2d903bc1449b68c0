/** A log on its way to a browser, in constant memory, once everything answered before is in it. */
import type { FastifyReply } from 'fastify';
import { auditXml } from '../../../shared/pg/audit-xml.ts';
import { isOutboxOpen, lastOutboxId } from '../../../shared/pg/web-admin.ts';
import type { Pool } from '../../../shared/pg/pool.ts';
import { HttpProblem } from './http-problem.ts';
import { LOG_SETTLED_MAX_MS } from './limits.ts';
import type { WebParts } from './web-parts.ts';

export const LOG_TYPE = 'application/xml; charset=utf-8';

const LOOK_MS = 50;

export type LogRequest = {
  readonly asker: string;
  /** Whose log; undefined: the whole log. */
  readonly user: string | undefined;
  /** Of the file. */
  readonly name: string;
  /** How many events follow, for whoever shows progress. */
  readonly count: () => Promise<number>;
};

export async function sendLog(
  reply: FastifyReply,
  { pool, logPool, downloads }: Pick<WebParts, 'pool' | 'logPool' | 'downloads'>,
  { asker, user, name, count }: LogRequest,
): Promise<unknown> {
  await settled(pool);
  return await downloads.send(reply, {
    user: asker,
    type: LOG_TYPE,
    name,
    headers: { 'x-log-events': (await count()).toString() },
    pieces: auditXml(logPool, user),
  });
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
