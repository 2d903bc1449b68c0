/** Parses the path of an address into a page of the application. */
const PAGES = [
  'trade',
  'portfolio',
  'triggers',
  'history',
  'admin',
  'settings',
  'login',
  'signup',
] as const;
export type PageName = (typeof PAGES)[number];

export const ADMIN_PARTS = ['system', 'users', 'parked', 'log'] as const;
export type AdminPart = (typeof ADMIN_PARTS)[number];

/** A page, with the symbol of a trade or trigger page, or the part of the administration page. */
export type Route = {
  readonly page: PageName | 'unknown';
  readonly symbol?: string;
  readonly part?: AdminPart;
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
  return hasSymbol && symbol !== undefined ? { page, symbol } : { page: 'unknown' };
}

/** SPEC 1.3: one to three letters, upper-cased on entry. */
export const readSymbol = (text: string): string | undefined =>
  /^[A-Za-z]{1,3}$/.test(text.trim()) ? text.trim().toUpperCase() : undefined;
