/** The routes for the inbox of fired triggers, with its unread mark. */
import Type from 'typebox';
import { loadFirings, markInboxRead, type FiringRow } from '../../../../shared/pg/web-inbox.ts';
import { INBOX, INBOX_READ, type Inbox, type InboxItem } from '../../../../shared/web-api/inbox.ts';
import { askerOf } from '../access/guard.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['inbox'];
const ITEMS_MAX = 100;

export function inboxRoutes(api: Api, { pool }: WebParts): void {
  api.get(
    '/inbox',
    { schema: { tags: TAGS, summary: 'My triggers that fired', response: { 200: INBOX } } },
    async (request): Promise<Inbox> => {
      const rows = await loadFirings(pool, askerOf(request).user, ITEMS_MAX);
      return { items: rows.map(inboxItem) };
    },
  );

  api.put(
    '/inbox',
    {
      schema: {
        tags: TAGS,
        summary: 'Mark what has been read',
        body: INBOX_READ,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { readUpTo } = request.body;
      await markInboxRead(pool, askerOf(request).user, readUpTo);
      return await reply.code(204).send();
    },
  );
}

const inboxItem = (row: FiringRow): InboxItem => ({
  id: row.id.toString(),
  at: Number(row.at),
  number: Number(row.number),
  symbol: row.symbol,
  side: row.event === 'BuyTriggerFired' ? 'buy' : 'sell',
  price: Number(row.price),
  shares: Math.abs(Number(row.traded_shares)),
  traded: Number(row.traded),
  unread: row.unread,
});
