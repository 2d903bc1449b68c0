/** Detects writes from pages of other sites, by the headers that browsers send. */

type Origins = {
  /** The host and port to which the request was sent. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Whether the asker is known by a cookie, which a browser sends along by itself. */
  readonly byCookie: boolean;
};

/**
 * Whether a write may come from another site. Programs send neither header; their writes are accepted
 * unless a cookie identifies them. Only browsers set `Sec-Fetch-Site`; its value `none` means a typed
 * address, which is never a write.
 */
export function isCrossSite({ host, origin, fetchSite, byCookie }: Origins): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return true;
  if (origin !== undefined) return !isOrigin(origin, host);
  return byCookie && fetchSite === undefined;
}

const isOrigin = (origin: string, host: string | undefined): boolean =>
  host !== undefined && origin === `https://${host}`;
