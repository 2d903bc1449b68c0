/** Keeps what a person of the demo learns from the answers to their commands. Pure. */
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

/** Money is in cents. */
export type Memory = {
  /** The balance after the last command; undefined before the first deposit. */
  readonly cash: number | undefined;
  readonly prices: ReadonlyMap<string, number>;
  /** The shares that the person bought and has not sold, as far as the person knows. */
  readonly shares: ReadonlyMap<string, number>;
  /** The symbols with a trigger that the person armed last, the oldest first. */
  readonly armed: readonly string[];
  readonly lastRefusal: string | undefined;
};

export const NOTHING_KNOWN: Memory = {
  cash: undefined,
  prices: new Map(),
  shares: new Map(),
  armed: [],
  lastRefusal: undefined,
};

const symbolOf = (request: CommandRequest): string => ('symbol' in request ? request.symbol : '');

/** Returns what the person knows after the answer to a command. */
export function learn(memory: Memory, request: CommandRequest, answer: CommandAnswer): Memory {
  const symbol = symbolOf(request);
  if (answer.outcome === 'rejected') {
    const known = withoutWrong(memory, symbol, answer.code);
    // A trigger that cannot be cancelled has fired.
    return { ...known, armed: armedAfter(known, request), lastRefusal: answer.code };
  }
  const { balance = memory.cash, price } = answer;
  const prices = price === undefined ? memory.prices : mapWith(memory.prices, symbol, price);
  const known = { ...memory, cash: balance, prices, lastRefusal: undefined };
  return {
    ...known,
    shares: sharesAfter(known, request, answer),
    armed: armedAfter(known, request),
  };
}

const mapWith = (
  map: ReadonlyMap<string, number>,
  key: string,
  value: number,
): Map<string, number> => new Map([...map, [key, value]]);

/** Forgets what a refusal shows to be wrong: shares that a trigger has sold, or a price that has risen. */
function withoutWrong(memory: Memory, symbol: string, code: string): Memory {
  if (code === 'no-shares' || code === 'insufficient-shares') {
    return { ...memory, shares: mapWithout(memory.shares, symbol) };
  }
  if (code !== 'amount-below-price') return memory;
  return { ...memory, prices: mapWithout(memory.prices, symbol) };
}

const mapWithout = (map: ReadonlyMap<string, number>, key: string): Map<string, number> =>
  new Map([...map].filter(([name]) => name !== key));

function sharesAfter(
  { shares }: Memory,
  { command }: CommandRequest,
  answer: Extract<CommandAnswer, { outcome: 'accepted' }>,
): ReadonlyMap<string, number> {
  const { order } = answer;
  if (order === undefined || !command.startsWith('COMMIT')) return shares;
  const change = order.side === 'buy' ? order.shares : -order.shares;
  return mapWith(shares, order.symbol, Math.max(0, (shares.get(order.symbol) ?? 0) + change));
}

function armedAfter({ armed }: Memory, request: CommandRequest): readonly string[] {
  const symbol = symbolOf(request);
  const others = armed.filter((each) => each !== symbol);
  if (request.command.startsWith('CANCEL_SET')) return others;
  return request.command.endsWith('_TRIGGER') ? [...others, symbol] : armed;
}
