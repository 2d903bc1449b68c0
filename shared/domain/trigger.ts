/** A standing instruction that fires at a price. Source: SPEC §2 and §3.2. */
import type { ArmingId } from './identity.ts';
import type { Cents } from './money.ts';
import { NO_SHARES, type Shares } from './shares.ts';

/** What makes a trigger live. Its firing carries the number of the command that armed it. */
export type Arming = {
  readonly id: ArmingId;
  readonly price: Cents;
  readonly number: number;
};

/** `amount` is the reserve: money that has left the balance. */
export type BuyTrigger = {
  readonly amount: Cents;
  readonly arming: Arming | undefined;
};

/** `amount` is what to sell for; the shares are reserved only while it is armed. */
export type SellTrigger = {
  readonly amount: Cents;
  readonly arming: (Arming & { readonly shares: Shares }) | undefined;
};

export const isBuyMet = (arming: Arming, current: Cents): boolean => current <= arming.price;

export const isSellMet = (arming: Arming, current: Cents): boolean => current >= arming.price;

export const reservedShares = (trigger: SellTrigger | undefined): Shares =>
  trigger?.arming?.shares ?? NO_SHARES;
