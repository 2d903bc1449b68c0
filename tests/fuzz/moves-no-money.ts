/** What a command that got through its border does to an account: never anything that breaks it. */
import type { Command, FireTrigger, UnreadableCommand } from '../../shared/domain/command.ts';
import { decide } from '../../shared/domain/decide.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import { armingId, type StockSymbol } from '../../shared/domain/identity.ts';
import { brokenInvariant, isBalanced } from '../../shared/domain/invariant.ts';
import { ledgerEntryOf } from '../../shared/domain/ledger.ts';
import { cents } from '../../shared/domain/money.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../shared/domain/portfolio.ts';
import { shares } from '../../shared/domain/shares.ts';
import { instant } from '../../shared/domain/time.ts';

const PRICE = cents(1_234);
const SYMBOL = 'ABC' as StockSymbol;
const ARMING = armingId('00000000-0000-7000-8000-000000000001');

const PORTFOLIO: Portfolio = {
  ...EMPTY_PORTFOLIO,
  opened: true,
  balance: cents(1_000_000),
  ordersPlaced: 1,
  holdings: new Map([[SYMBOL, shares(100)]]),
  buys: [{ no: 1, symbol: SYMBOL, shares: shares(3), price: PRICE, at: instant(1_000) }],
  buyTriggers: new Map([
    [SYMBOL, { amount: cents(9_000), arming: { id: ARMING, price: PRICE, number: 1 } }],
  ]),
};

const CONTEXT = {
  now: instant(2_000),
  number: 7,
  quote: { type: 'fresh', price: PRICE },
  armingId: ARMING,
  administrator: false,
  deadline: undefined,
} as const;

/** What is wrong with its effects; undefined where nothing is. An unreadable command has none. */
export function harmOf(command: Command | UnreadableCommand | FireTrigger): string | undefined {
  const decision = decide(PORTFOLIO, command, CONTEXT);
  if (decision.type !== 'accepted') return undefined;
  if (command.type === 'UNREADABLE') return 'an unreadable command was accepted';
  const isUnbalanced = decision.events.some((event) => {
    const entry = ledgerEntryOf(event);
    return entry !== undefined && !isBalanced(entry);
  });
  if (isUnbalanced) return 'an unbalanced ledger entry';
  return brokenInvariant(decision.events.reduce(evolve, PORTFOLIO));
}
