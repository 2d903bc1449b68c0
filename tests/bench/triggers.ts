/** A quote that meets a thousand of a hundred thousand armed triggers. */
import { openLink } from '../../shared/amqp/link.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { parseSymbol } from '../../shared/domain/identity.ts';
import { cents } from '../../shared/domain/money.ts';
import { instant } from '../../shared/domain/time.ts';
import { QUOTES_CHANGED_EXCHANGE } from '../../shared/messages/address.ts';
import { renderQuoteChanged } from '../../shared/messages/quote-message.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { withSystem, type Bed } from '../../infra/capacity/bed.ts';

export type TriggerFigures = {
  readonly armed: number;
  readonly met: number;
  /** From the news of the quote until the last audit row is committed. */
  readonly seconds: number;
};

const USERS = 1_000;
const SYMBOLS = 100;
const PRICE = 5_000;
const LOOK_MS = 5;
const LONGEST_MS = 60_000;

/** Each of 1,000 users has armed a buy at $50.00 on each of 100 symbols, with a reserve of $100. */
const ARM = `
  WITH names AS (SELECT 'trader' || n AS user_id FROM generate_series(1, $1::int) AS n),
       symbols AS (SELECT chr(65 + n / 26) || chr(65 + n % 26) AS symbol
                     FROM generate_series(0, $2::int - 1) AS n),
       locks AS (INSERT INTO users (user_id) SELECT user_id FROM names),
       accounts AS (INSERT INTO accounts (user_id, balance, orders_placed)
                    SELECT user_id, 0, 0 FROM names)
  INSERT INTO triggers (user_id, symbol, side, amount, arming_id, price, shares, armed_number)
  SELECT user_id, symbol, 'buy', 10000, gen_random_uuid(), $3::bigint, 0, 1 FROM names, symbols`;

const FIRED = `SELECT count(*) AS fired FROM audit_events WHERE kind = 'systemEvent'`;

export async function measureTriggers(bed: Bed): Promise<TriggerFigures> {
  return await withSystem(bed, { quoteServerFlags: ['--delay-ms', '0'] }, async () => {
    await bed.pool.query(ARM, [USERS, SYMBOLS, PRICE]);
    await bed.pool.query('ANALYZE triggers, accounts, users');
    const startedAt = performance.now();
    await tellQuote(bed);
    await untilFired(bed.pool);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { armed: USERS * SYMBOLS, met: USERS, seconds };
  });
}

/** As the quote consumer tells it: a dollar below what the triggers of one symbol wait for. */
async function tellQuote({ services, pool, log }: Bed): Promise<void> {
  const link = await openLink({ url: services.amqpUrl, name: 'bench', log });
  const publisher = await openPublisher(link);
  const symbol = parseSymbol('AA');
  if (symbol === undefined) throw new TypeError('AA is no symbol');
  const receivedAt = instant((await takeNow(pool)).now);
  const quote = { symbol, price: cents(PRICE - 100), receivedAt, causedBy: 'bench' };
  await publisher.publish({
    exchange: QUOTES_CHANGED_EXCHANGE,
    key: symbol,
    body: renderQuoteChanged(quote),
    type: 'quote-changed',
  });
  await link.close();
}

async function untilFired(pool: Pool): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const { rows } = await pool.query<{ fired: bigint }>(FIRED);
    if (Number(rows[0]?.fired) >= USERS) return;
    if (performance.now() > deadline) throw new Error('the triggers did not all fire');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
