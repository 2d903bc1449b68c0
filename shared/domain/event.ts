/** The events of a portfolio. `evolve` applies them to its state; `ledgerEntryOf` makes their entries. */
import type { StockSymbol } from './identity.ts';
import type { Cents } from './money.ts';
import type { Order } from './order.ts';
import type { Shares } from './shares.ts';
import type { Arming } from './trigger.ts';

type OrderEventType =
  'BuyPlaced' | 'BuyCommitted' | 'BuyCancelled' | 'SellPlaced' | 'SellCommitted' | 'SellCancelled';

type OrderEvent = {
  readonly [Type in OrderEventType]: { readonly type: Type; readonly order: Order };
}[OrderEventType];

export type DomainEvent =
  | { readonly type: 'FundsAdded'; readonly amount: Cents }
  | OrderEvent
  | {
      readonly type: 'BuyAmountSet' | 'SellAmountSet';
      readonly symbol: StockSymbol;
      readonly amount: Cents;
    }
  | {
      readonly type: 'BuyTriggerArmed';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
    }
  | {
      /** First returns `released`, the shares reserved before, to the holding; then reserves `shares`. */
      readonly type: 'SellTriggerArmed';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly released: Shares;
    }
  | {
      /** `returned` is the reserve, which returns to the balance. */
      readonly type: 'BuyTriggerCancelled';
      readonly symbol: StockSymbol;
      readonly returned: Cents;
      /** Whether the same command sets another amount, so that the user sees a change. */
      readonly replaced?: true;
    }
  | {
      /** `released` are the reserved shares, which return to the holding. */
      readonly type: 'SellTriggerCancelled';
      readonly symbol: StockSymbol;
      readonly released: Shares;
      /** Whether the same command sets another amount. */
      readonly replaced?: true;
    }
  | {
      /**
       * Firing the trigger would have taken the balance over its limit, and so would cancelling it. It
       * keeps its reserve and is no longer armed.
       */
      readonly type: 'BuyTriggerDisarmed';
      readonly symbol: StockSymbol;
    }
  | {
      readonly type: 'BuyTriggerFired';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly price: Cents;
      /** The part of the reserve that the buy did not need; it returns to the balance. */
      readonly returned: Cents;
    }
  | {
      readonly type: 'SellTriggerFired';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly price: Cents;
    };
