/** The routes by which administrators see the system, read the whole log, and replay parked messages. */
import { listParked, replayParked, type Parked } from '../../../../shared/amqp/parked.ts';
import { openPublisher } from '../../../../shared/amqp/publisher.ts';
import { parkedQueue, PARKED_FROM } from '../../../../shared/messages/address.ts';
import { showText } from '../../../../shared/messages/show-text.ts';
import { estimateEvents, loadAdminFigures } from '../../../../shared/pg/web-admin.ts';
import Type from 'typebox';
import {
  PARKED_LIST,
  SYSTEM_VIEW,
  type ParkedEntry,
  type ParkedList,
  type QueueEntry,
  type SystemView,
} from '../../../../shared/web-api/admin.ts';
import { renderTrouble } from '../../../../shared/runtime/trouble.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { CENTS_PER_HIT } from '../../../../shared/domain/quote.ts';
import { PARKED_MAX } from '../parts/limits.ts';
import { loadQueueEntries } from '../parts/queue-entries.ts';
import { NOT_REPLAYABLE, parkedTarget } from '../parts/parked-target.ts';
import { LOG_TYPE, sendLog } from '../parts/send-log.ts';
import { logAct } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['administration'];
const CONFIG = { access: 'administrator' } as const;

export function adminSystemRoutes(api: Api, parts: WebParts): void {
  api.get(
    '/admin/system',
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: 'Processes, queues, outbox, quote hits and their cost',
        response: { 200: SYSTEM_VIEW },
      },
    },
    async (): Promise<SystemView> => await systemView(parts),
  );

  api.get(
    '/admin/log.xml',
    {
      config: { ...CONFIG, streams: LOG_TYPE },
      schema: { tags: TAGS, summary: 'The whole log as XML (DUMPLOG)' },
    },
    async (request, reply) => {
      const { pool } = parts;
      await logAct(pool, request, { event: 'whole-log-read' });
      const count = (): Promise<number> => estimateEvents(pool);
      return await sendLog(reply, parts, {
        asker: askerOf(request).user,
        user: undefined,
        name: 'log.xml',
        count,
      });
    },
  );

  parkedRoutes(api, parts);
}

function parkedRoutes(api: Api, { broker, pool, shardCount }: WebParts): void {
  api.get(
    '/admin/parked',
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: 'Messages that could not be read, the oldest of each queue',
        response: { 200: PARKED_LIST },
      },
    },
    async (): Promise<ParkedList> => {
      const parked = await listParked(broker, PARKED_MAX);
      return { parked: parked.map((each) => parkedEntry(each, shardCount)) };
    },
  );

  api.post<{ Params: { id: string } }>(
    '/admin/parked/:id/replay',
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: 'Send one again where it belongs',
        params: Type.Object({ id: Type.String({ pattern: '^[0-9A-Za-z_.-]{1,64}$' }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const publisher = await openPublisher(broker);
      try {
        const targetOf = (parked: Parked) => parkedTarget(parked, shardCount);
        const way = { link: broker, publisher };
        const result = await replayParked(way, { id, targetOf, most: PARKED_MAX });
        if (result === 'not-found') throw new HttpProblem('not-found');
        if (result === 'no-target') {
          throw new HttpProblem('not-replayable', NOT_REPLAYABLE);
        }
      } finally {
        await publisher.close();
      }
      await logAct(pool, request, { event: 'parked-replayed', detail: id });
      return await reply.code(204).send();
    },
  );
}

const parkedEntry = (parked: Parked, shardCount: number): ParkedEntry => ({
  id: parked.id,
  from: parked.from,
  reason: parked.reason,
  code: parked.code,
  body: showText(parked.body.toString('utf8', 0, 400)),
  bytes: parked.body.length,
  replayable: parkedTarget(parked, shardCount) !== undefined,
});

const PARKED_QUEUES: ReadonlySet<string> = new Set(PARKED_FROM.map(parkedQueue));

/** Collects the state of the system; a source that fails becomes one of its faults. */
async function systemView(parts: WebParts): Promise<SystemView> {
  const { pool, management, shardCount, loadProcesses } = parts;
  const faults = parts.troubles().map(renderTrouble);
  const orFault = async <Value>(what: string, work: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work;
    } catch (error) {
      faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const [figures, queues, processes] = await Promise.all([
    loadAdminFigures(pool),
    management === undefined
      ? undefined
      : orFault('management API', loadQueueEntries(management, shardCount)),
    orFault('supervisor', loadProcesses()),
  ]);
  if (management === undefined) faults.push('management API: AMQP_MANAGEMENT_URL is not set');
  if (processes === undefined) faults.push('supervisor: none answers on this data folder');
  return {
    now: figures.now,
    processes: [...(processes ?? [])],
    queues: queues ?? [],
    outbox: { rows: figures.outboxRows, oldestMs: figures.outboxOldestMs ?? null },
    parked: queues === undefined ? null : parkedIn(queues),
    quotes: {
      hits: figures.hits,
      hitsToday: figures.hitsToday,
      hitsLastHour: figures.hitsLastHour,
      centsPerHit: CENTS_PER_HIT,
    },
    users: {
      signedUp: figures.signedUp,
      withAccount: figures.withAccount,
      sessions: figures.sessions,
    },
    links: { managementUi: management === undefined ? null : new URL(management.url).origin },
    faults,
  };
}

const parkedIn = (queues: readonly QueueEntry[]): number =>
  queues
    .filter(({ name }) => PARKED_QUEUES.has(name))
    .reduce((sum, { ready, unacked }) => sum + ready + unacked, 0);
