/**
 * Triggers: standing instructions that fire at a price. Source: SPEC §2 and §3.2.
 *
 * Setting an amount makes a trigger without an arming; setting it again cancels the present trigger
 * first. Setting a price arms it; setting it again replaces the arming. Firing or cancelling removes the
 * trigger. If firing would take the balance over its limit, a buy trigger loses its arming and keeps its
 * reserve, and a sell trigger is cancelled.
 */
import type { ArmingId } from './identity.ts';
import type { Cents } from './money.ts';
import { NO_SHARES, type Shares } from './shares.ts';

/** The price at which an armed trigger fires. `number` is the transaction number of the arming command. */
export type Arming = {
  readonly id: ArmingId;
  readonly price: Cents;
  readonly number: number;
};

/** `amount` is the reserve, which has left the balance. */
export type BuyTrigger = {
  readonly amount: Cents;
  readonly arming: Arming | undefined;
};

/** `amount` is the money to sell for. Shares are reserved only while the trigger is armed. */
export type SellTrigger = {
  readonly amount: Cents;
  readonly arming: (Arming & { readonly shares: Shares }) | undefined;
};

/** Whether a price is low enough for a buy trigger to fire. */
export const isBuyMet = (arming: Arming, current: Cents): boolean => current <= arming.price;

/** Whether a price is high enough for a sell trigger to fire. */
export const isSellMet = (arming: Arming, current: Cents): boolean => current >= arming.price;

/** The shares that a sell trigger reserves: none unless it is armed. */
export const reservedShares = (trigger: SellTrigger | undefined): Shares =>
  trigger?.arming?.shares ?? NO_SHARES;
