/** Describes a command that took effect, for a notice. */
import type { CommandName } from '../../../../../shared/domain/command-catalogue.ts';
import type {
  Accepted,
  AnyRequest,
  CommandRequest,
  OrderDetails,
} from '../../../../../shared/web-api/command.ts';
import { formatMoney, formatShares, readAmount } from './money.ts';

export type Done = { readonly title: string; readonly detail?: string };

type Given = {
  readonly symbol: string;
  /** The amount, or the price of a trigger, in dollars as the request has it. */
  readonly amount: string;
  readonly order: OrderDetails | undefined;
};

const cancelledTrigger = ({ symbol }: Given): Done => ({
  title: `${symbol} trigger cancelled`,
  detail: 'What it had set aside is yours again.',
});

const armedTrigger = ({ symbol, amount }: Given): Done => ({
  title: `${symbol} trigger armed`,
  detail: `It watches for ${dollars(amount)}.`,
});

/** The commands of the pages, without those whose effect the page itself shows. */
const DESCRIPTIONS: Readonly<Partial<Record<CommandName, (given: Given) => Done>>> = {
  ADD: ({ amount }) => ({
    title: `${dollars(amount)} added`,
    detail: 'It is in your cash now.',
  }),
  COMMIT_BUY: ({ order }) => committed('Bought', order),
  COMMIT_SELL: ({ order }) => committed('Sold', order),
  CANCEL_BUY: () => ({ title: 'Buy cancelled', detail: 'Its cost is available again.' }),
  CANCEL_SELL: () => ({ title: 'Sell cancelled', detail: 'Its shares are available again.' }),
  SET_BUY_TRIGGER: armedTrigger,
  SET_SELL_TRIGGER: armedTrigger,
  CANCEL_SET_BUY: cancelledTrigger,
  CANCEL_SET_SELL: cancelledTrigger,
};

/** Returns the notice; undefined if the page shows the effect itself, or no page gives the command. */
export function describeDone(request: CommandRequest, { order }: Accepted): Done | undefined {
  const { command, symbol = '', amount, price = '' }: AnyRequest = request;
  return DESCRIPTIONS[command]?.({ symbol, amount: amount ?? price, order });
}

function committed(did: string, order: OrderDetails | undefined): Done {
  if (order === undefined) return { title: did };
  const { shares, symbol, price, cost } = order;
  return {
    title: `${did} ${formatShares(shares)} of ${symbol}`,
    detail: `At ${formatMoney(price)} each, ${formatMoney(cost)} in all.`,
  };
}

function dollars(text: string): string {
  const input = readAmount(text);
  return input.is === 'amount' ? formatMoney(input.cents) : `$${text}`;
}
