/** What happened to a portfolio. `evolve` turns events into state, `ledger` into entries. */
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
      /** `shares` are reserved anew; those reserved before, `released`, return first. */
      readonly type: 'SellTriggerArmed';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly released: Shares;
    }
  | {
      /** `returned` is the reserve that goes back to the balance. */
      readonly type: 'BuyTriggerCancelled';
      readonly symbol: StockSymbol;
      readonly returned: Cents;
    }
  | {
      /** `released` are the reserved shares that go back to the holding. */
      readonly type: 'SellTriggerCancelled';
      readonly symbol: StockSymbol;
      readonly released: Shares;
    }
  | {
      /** Its reserve could neither buy nor return within the balance limit: it stays, not armed. */
      readonly type: 'BuyTriggerDisarmed';
      readonly symbol: StockSymbol;
    }
  | {
      readonly type: 'BuyTriggerFired';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly price: Cents;
      /** What is left of the reserve after the buy; it goes back to the balance. */
      readonly returned: Cents;
    }
  | {
      readonly type: 'SellTriggerFired';
      readonly symbol: StockSymbol;
      readonly arming: Arming;
      readonly shares: Shares;
      readonly price: Cents;
    };
