/** Transaction numbers for single commands, drawn before they are needed. */
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

/** The numbers of one draw. Those that a process has left at its end are gaps, which are allowed. */
const DRAWN_AT_ONCE = 32;

const DRAW = statement<{ number: bigint }>(
  'numbers-draw',
  `SELECT nextval('transaction_numbers') AS number FROM generate_series(1, $1::int)`,
);

/**
 * Opens a stock of numbers. The returned function gives each number once, in the order in which they were
 * drawn, and waits only if the stock is empty.
 */
export function openNumberStock(pool: Pool): () => Promise<number> {
  const stock: number[] = [];
  let drawing: Promise<void> | undefined;

  const draw = async (): Promise<void> => {
    const rows = await DRAW.run(pool, DRAWN_AT_ONCE);
    stock.push(...rows.map(({ number }) => Number(number)));
  };
  const refill = (): Promise<void> => {
    drawing ??= draw().finally(() => {
      drawing = undefined;
    });
    return drawing;
  };

  return async () => {
    for (;;) {
      const number = stock.shift();
      if (stock.length < DRAWN_AT_ONCE / 2) {
        const refilled = refill();
        if (number === undefined) await refilled;
        else refilled.catch(() => undefined);
      }
      if (number !== undefined) return number;
    }
  };
}
