/** Describes ledger entries and commands in a trader's words. */
import type { LedgerItem } from '../../../../../shared/web-api/history.ts';
import { COMMAND_NAMES } from '../../../../../shared/domain/command-catalogue.ts';
import { formatMoney, formatShares } from './money.ts';

const LABELS: Readonly<Record<string, string>> = {
  FundsAdded: 'Funds added',
  BuyCommitted: 'Bought',
  SellCommitted: 'Sold',
  BuyAmountSet: 'Cash reserved for a trigger',
  BuyTriggerCancelled: 'Buy trigger cancelled',
  BuyTriggerReplaced: 'Buy trigger changed',
  BuyTriggerFired: 'Trigger bought',
  SellTriggerArmed: 'Shares reserved for a trigger',
  SellTriggerCancelled: 'Sell trigger cancelled',
  SellTriggerReplaced: 'Sell trigger changed',
  SellTriggerFired: 'Trigger sold',
};

/** `BuyCommitted` → `Bought`. Splits the name of an unknown type into words. */
export const labelOfEntry = (type: string): string =>
  LABELS[type] ?? type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');

type Choice = { readonly value: string; readonly text: string };

const ANY: Choice = { value: '', text: 'Any kind' };

export const ENTRY_CHOICES: readonly Choice[] = [
  ANY,
  ...Object.entries(LABELS).map(([value, text]) => ({ value, text })),
];

export const isFiring = ({ type }: LedgerItem): boolean =>
  type === 'BuyTriggerFired' || type === 'SellTriggerFired';

/** Describes the firing of a trigger for a notice. */
export function describeFiring(entry: LedgerItem): string {
  const isBuy = entry.type === 'BuyTriggerFired';
  const shares = Math.abs(isBuy ? entry.shares : entry.reservedShares);
  const at = entry.price === null ? '' : ` at ${formatMoney(entry.price)}`;
  return `${isBuy ? 'Bought' : 'Sold'} ${formatShares(shares)} of ${entry.symbol ?? '?'}${at}.`;
}

/** `BUY` → `Buy`, `SET_BUY_AMOUNT` → `Set buy amount`. */
export function labelOfCommand(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const COMMAND_CHOICES: readonly Choice[] = [
  ANY,
  ...COMMAND_NAMES.map((value) => ({ value, text: labelOfCommand(value) })),
];
