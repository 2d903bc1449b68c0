/** Whether a write was sent by our own page: a browser says where it comes from. */

export type Origins = {
  /** Of the request's `Host`. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Whether the asker is known by a cookie, which a browser sends along by itself. */
  readonly byCookie: boolean;
};

/**
 * Programs send neither header, and are taken unless a cookie speaks for them. `Sec-Fetch-Site` is
 * set by the browser alone; `none` is a person who typed the address, who makes no writes.
 */
export function isCrossSite({ host, origin, fetchSite, byCookie }: Origins): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return true;
  if (origin !== undefined) return !isOrigin(origin, host);
  return byCookie && fetchSite === undefined;
}

const isOrigin = (origin: string, host: string | undefined): boolean =>
  host !== undefined && origin === `https://${host}`;
