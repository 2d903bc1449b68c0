/** Parses the path of an address into a page of the application. */
const PAGES = [
  'trade',
  'portfolio',
  'triggers',
  'history',
  'inbox',
  'admin',
  'settings',
  'login',
  'signup',
] as const;
export type PageName = (typeof PAGES)[number];

export const ADMIN_PARTS = ['operations', 'system', 'users', 'parked', 'log'] as const;
export type AdminPart = (typeof ADMIN_PARTS)[number];

/** A page, with the symbol of a trade or trigger page, or the part of the administration page. */
export type Route = {
  readonly page: PageName | 'unknown';
  readonly symbol?: string;
  readonly part?: AdminPart;
  /** The text in the place of a symbol that is none. */
  readonly badSymbol?: string;
};

export function parseRoute(path: string): Route {
  const [first = '', second] = path.split('/').filter((part) => part !== '');
  if (first === '') return { page: 'trade' };
  const page = PAGES.find((name) => name === first);
  if (page === undefined) return { page: 'unknown' };
  if (second === undefined) return { page };
  const part = ADMIN_PARTS.find((name) => name === second);
  if (page === 'admin' && part !== undefined) return { page, part };
  const symbol = readSymbol(second);
  const hasSymbol = page === 'trade' || page === 'triggers';
  if (!hasSymbol) return { page: 'unknown' };
  return symbol === undefined
    ? { page: 'unknown', badSymbol: decodeText(second) }
    : { page, symbol };
}

/** Decodes a part of an address; returns it as it is if it is not well-formed. */
function decodeText(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns why a text is no symbol; undefined if it is one, or empty. */
export function checkSymbol(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '' || readSymbol(typed) !== undefined) return undefined;
  return /^[A-Za-z]+$/.test(typed)
    ? `A symbol has one to three letters; ${typed.toUpperCase()} has ${typed.length}.`
    : 'A symbol has one to three letters from A to Z, and nothing else.';
}

/** SPEC 1.3: one to three letters, upper-cased on entry. */
export const readSymbol = (text: string): string | undefined =>
  /^[A-Za-z]{1,3}$/.test(text.trim()) ? text.trim().toUpperCase() : undefined;

/** The address of a stock's chart with a moment marked. */
export const momentPath = (symbol: string, at: number): string => `/trade/${symbol}?at=${at}`;

/** Reads the marked moment from the parameters of an address; ignores one that is not valid or not yet. */
export function readMoment(params: URLSearchParams, now: number): number | undefined {
  const text = params.get('at') ?? '';
  const at = /^\d{1,14}$/.test(text) ? Number(text) : Infinity;
  return at <= now + CLOCK_SKEW_MS ? at : undefined;
}

/** How far the clock of this page may be behind the server's. */
const CLOCK_SKEW_MS = 60_000;
