/** Decides when the open page of a stock asks for a new price. All times are of the server's clock, in ms. */
type Moment = {
  readonly now: number;
  readonly receivedAt: number;
  /** When the page asked last; 0 if it never did. */
  readonly askedAt: number;
  readonly lastInputAt: number;
  /** The operator's interval; 0 switches renewals off. */
  readonly pageRefreshMs: number;
  readonly quoteLifetimeMs: number;
};

/** Nobody looks at a page without any input for this long. It also keeps a session from staying in use. */
export const LOOKED_AT_MAX_MS = 600_000;

/** A fresh quote is never renewed, because a command would only get the same one again. */
export function isRenewalDue(moment: Moment): boolean {
  const { now, receivedAt, askedAt, lastInputAt, pageRefreshMs, quoteLifetimeMs } = moment;
  if (pageRefreshMs === 0 || now - lastInputAt > LOOKED_AT_MAX_MS) return false;
  const everyMs = Math.max(pageRefreshMs, quoteLifetimeMs);
  // A refused request is not repeated at once.
  return now - receivedAt > everyMs && now - askedAt > everyMs;
}
