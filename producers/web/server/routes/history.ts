/** The routes for the ledger and the commands of the user, as pages or as a CSV file. */
import { loadCommandPage } from '../../../../shared/pg/web-commands.ts';
import { loadLedgerPage } from '../../../../shared/pg/web-ledger.ts';
import { loadOrderCommands } from '../../../../shared/pg/web-orders.ts';
import {
  HISTORY,
  HISTORY_LIMIT_DEFAULT,
  HISTORY_QUERY,
  type History,
  type HistoryItem,
  type HistoryQuery,
} from '../../../../shared/web-api/history.ts';
import { askerOf } from '../access/guard.ts';
import { commandItem, csvHead, csvRow, ledgerItem } from '../views/history-view.ts';
import { commandKey, orderFates } from '../views/order-fates.ts';
import { CSV_ROWS_MAX } from '../parts/limits.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const TAGS = ['history'];
const CSV = 'text/csv; charset=utf-8';
const CSV_PAGE = 1_000;

export function historyRoutes(api: Api, parts: WebParts): void {
  api.get(
    '/history',
    {
      schema: {
        tags: TAGS,
        summary: 'Movements (ledger) or commands, the latest first',
        querystring: HISTORY_QUERY,
        response: { 200: HISTORY },
      },
    },
    async (request): Promise<History> => {
      const { limit = HISTORY_LIMIT_DEFAULT } = request.query;
      return await loadPage(parts, askerOf(request).user, { ...request.query, limit });
    },
  );

  api.get(
    '/history.csv',
    {
      config: { streams: CSV },
      schema: { tags: TAGS, summary: 'The same as a CSV file', querystring: HISTORY_QUERY },
    },
    async (request, reply) => {
      const { of = 'ledger' } = request.query;
      const { user } = askerOf(request);
      return await parts.downloads.send(reply, {
        user,
        type: CSV,
        name: `${of}.csv`,
        pieces: csvLines(parts, user, request.query),
      });
    },
  );
}

async function* csvLines(
  parts: WebParts,
  user: string,
  query: HistoryQuery,
): AsyncGenerator<string> {
  yield csvHead(query.of ?? 'ledger');
  let cursor = query.cursor;
  for (let rows = 0; rows < CSV_ROWS_MAX; rows += CSV_PAGE) {
    const at = cursor === undefined ? {} : { cursor };
    const page = await loadPage(parts, user, { ...query, ...at, limit: CSV_PAGE });
    yield page.items.map(csvRow).join('');
    if (page.next === null) return;
    cursor = page.next;
  }
}

async function loadPage(
  parts: WebParts,
  user: string,
  query: HistoryQuery & { readonly limit: number },
): Promise<History> {
  // One item more than requested shows whether there is a next page.
  const most = query.limit + 1;
  const items = await (query.of === 'commands' ? commands : ledger)(parts, user, {
    ...query,
    most,
  });
  const page = items.slice(0, query.limit);
  return { items: page, next: items.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

type PageQuery = HistoryQuery & { readonly most: number };

async function ledger({ pool }: WebParts, user: string, query: PageQuery): Promise<HistoryItem[]> {
  const rows = await loadLedgerPage(pool, user, {
    before: query.cursor?.split('.')[0],
    symbol: query.symbol?.toUpperCase(),
    event: query.type,
    q: query.q,
    from: query.from,
    to: query.to,
    most: query.most,
  });
  return rows.map(ledgerItem);
}

async function commands(
  { pool, orderLifetimeMs }: WebParts,
  user: string,
  query: PageQuery,
): Promise<HistoryItem[]> {
  const [outboxId, index = '0'] = query.cursor?.split('.') ?? [];
  const rows = await loadCommandPage(pool, user, {
    before: outboxId === undefined ? undefined : { outboxId, index },
    symbol: query.symbol?.toUpperCase(),
    command: query.type?.toUpperCase(),
    rejected: query.outcome === undefined ? undefined : query.outcome === 'rejected',
    q: query.q,
    from: query.from,
    to: query.to,
    most: query.most,
  });
  const withOrders = rows.filter((row) => row.reason === null && isOrderCommand(row.command));
  const near = await loadOrderCommands(pool, user, withOrders, orderLifetimeMs);
  const fates = orderFates(near, orderLifetimeMs);
  return rows.map((row) => commandItem(row, fates.get(commandKey(row))));
}

const isOrderCommand = (command: string | null): boolean =>
  /^((COMMIT|CANCEL)_)?(BUY|SELL)$/.test(command ?? '');
