/** Arms or moves a trigger by the two commands that it takes. */
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import type { Plan } from '../pure/describe-trigger.ts';
import { plainDollars } from '../pure/money.ts';
import type { Actions } from './actions.ts';
import type { Result } from './result.ts';

const COMMANDS = {
  buy: { setAmount: 'SET_BUY_AMOUNT', setPrice: 'SET_BUY_TRIGGER' },
  sell: { setAmount: 'SET_SELL_AMOUNT', setPrice: 'SET_SELL_TRIGGER' },
} as const;

/** Sets the amount, then the price; `present` is the existing trigger. Stops at the first refusal. */
export async function armTrigger(
  { submit }: Pick<Actions, 'submit'>,
  { side, symbol, amount, price }: Plan,
  present: Trigger | undefined,
): Promise<Result<unknown>> {
  const { setAmount, setPrice } = COMMANDS[side];
  // An unchanged amount is not sent, because setting it again would cancel the trigger first.
  if (present?.amount !== amount) {
    const set = await submit({ command: setAmount, symbol, amount: plainDollars(amount) });
    if (!set.ok) return set;
  }
  return await submit({ command: setPrice, symbol, price: plainDollars(price) });
}
