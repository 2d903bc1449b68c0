/** The health routes for load balancers: whether this process accepts and answers commands. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Link } from '../../../../shared/amqp/link.ts';
import { probe } from '../../../../shared/pg/web-admin.ts';
import type { WebParts } from '../parts/web-parts.ts';

const STATUS = Type.Object({ status: Type.String() });
const HEADERS = { 'cache-control': 'no-store' };

export function healthRoutes(app: FastifyInstance, { pool, broker, troubles }: WebParts): void {
  app.get(
    '/health',
    {
      schema: {
        tags: ['health'],
        summary: 'Commands are taken and answered',
        response: { 200: STATUS, 503: STATUS },
      },
    },
    async (_request, reply) => {
      const [trouble] = troubles();
      const isWell = trouble === undefined && isOpen(broker);
      const status = isWell ? 'alive' : (trouble?.what ?? 'no broker');
      return await reply
        .headers(HEADERS)
        .code(isWell ? 200 : 503)
        .send({ status });
    },
  );
  app.get(
    '/ready',
    {
      schema: {
        tags: ['health'],
        summary: 'Database and broker are there',
        response: { 200: STATUS, 503: STATUS },
      },
    },
    async (_request, reply) => {
      const isThere = await probe(pool).then(
        () => true,
        () => false,
      );
      const status = !isThere ? 'no database' : isOpen(broker) ? 'ready' : 'no broker';
      return await reply
        .headers(HEADERS)
        .code(status === 'ready' ? 200 : 503)
        .send({ status });
    },
  );
}

/** Whether the broker accepts commands now. */
const isOpen = (broker: Link): boolean => !broker.isClosed() && !broker.isBlocked();
