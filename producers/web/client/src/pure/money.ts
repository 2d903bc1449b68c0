/** Formats and parses money for people. Cents are whole numbers, as in the API. */
import { AMOUNT_MAX, parseDollars } from '../../../../../shared/domain/money.ts';

/** `$1,234.50`, `−$0.07`. */
export function formatMoney(cents: number): string {
  const digits = Math.abs(cents).toFixed(0).padStart(3, '0');
  const sign = cents < 0 ? '−' : '';
  return `${sign}$${groupThousands(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

/** Formats a change with its sign: `+$12.00`, `−$3.10`, `$0.00`. */
export const formatChange = (cents: number): string =>
  cents > 0 ? `+${formatMoney(cents)}` : formatMoney(cents);

/** Formats a change in percent of the amount before: `+1.25%`; `–` if there was nothing before. */
export function formatPercent(change: number, before: number): string {
  if (before <= 0) return '–';
  const percent = (change / before) * 100;
  const [whole = '', fraction = ''] = Math.abs(percent).toFixed(2).split('.');
  if (Number(whole) === 0 && Number(fraction) === 0) return '0.00%';
  return `${percent > 0 ? '+' : '−'}${groupThousands(whole)}.${fraction}%`;
}

export const formatCount = (count: number): string =>
  `${count < 0 ? '−' : ''}${groupThousands(Math.abs(count).toFixed(0))}`;

/** Formats a change of a count with its sign: `+12`, `−3`, `0`. */
export const formatCountChange = (count: number): string =>
  count > 0 ? `+${formatCount(count)}` : formatCount(count);

/** `1 share`, `36 shares`. */
export const formatShares = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'share' : 'shares'}`;

/** Formats dollars for an amount field and the API: `1234.50`. */
export function plainDollars(cents: number): string {
  const digits = cents.toFixed(0).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export type AmountInput =
  | { readonly is: 'empty' }
  | { readonly is: 'amount'; readonly cents: number }
  | { readonly is: 'fault'; readonly fault: string };

/** The separators with which a language writes 1,234.50. */
export type Separators = { readonly decimal: '.' | ','; readonly group: string };

const ENGLISH: Separators = { decimal: '.', group: ',' };

/** Returns the separators of the person's languages, in order of preference. */
export const separatorsOf = (languages: readonly string[]): readonly Separators[] =>
  languages.filter(isLanguage).map((language) => {
    const parts = new Intl.NumberFormat(language).formatToParts(1_234_567.5);
    const find = (type: string): string | undefined =>
      parts.find((part) => part.type === type)?.value;
    return find('decimal') === ','
      ? { decimal: ',', group: find('group') ?? '.' }
      : { decimal: '.', group: find('group') ?? ',' };
  });

/** Filters out names of the operating system that some browsers report, such as `en-US@posix`. */
function isLanguage(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}

/** Parses a typed amount; see `plainNumber` for how it may be written. */
export function readAmount(text: string, separators: readonly Separators[] = []): AmountInput {
  const plain = plainNumber(text, separators);
  if (plain === '') return { is: 'empty' };
  const amount = parseDollars(plain);
  if (amount === undefined) return { is: 'fault', fault: faultOf(plain) };
  if (amount === 0n) return { is: 'fault', fault: 'Enter more than $0.00.' };
  if (amount > AMOUNT_MAX) return { is: 'fault', fault: 'At most $1,000,000,000.00 at a time.' };
  return { is: 'amount', cents: Number(amount) };
}

/**
 * Rewrites a typed number with a decimal point alone: without a dollar sign, spaces and thousands separators.
 * The first of the person's languages in which the text is a number decides the meaning of commas and points:
 * `1,234` is 1234 in English, and has too many decimals in German. If there is none it tries English, which
 * this page uses for its own amounts. Text that is no number keeps its commas and points.
 */
export function plainNumber(text: string, separators: readonly Separators[]): string {
  // Apostrophes separate thousands in Switzerland.
  const bare = text.replace(/[\s$'’]/g, '');
  return [...separators, ENGLISH].map((each) => plainBy(bare, each)).find(isText) ?? bare;
}

/** Returns a number with a decimal point and without groups; undefined if it is not written in this way. */
function plainBy(bare: string, { decimal, group }: Separators): string | undefined {
  const [whole = '', fraction, ...more] = bare.split(decimal);
  if (more.length > 0 || !/^\d*$/.test(fraction ?? '')) return undefined;
  const digits = whole.replaceAll(group, '');
  const isGrouped = group !== '' && whole.includes(group);
  if (isGrouped ? !isGroupedBy(whole, group) : !/^\d+$/.test(whole)) return undefined;
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** Whether groups have three digits, or two or three as in India: 12,34,567. */
function isGroupedBy(whole: string, group: string): boolean {
  const [first = '', ...rest] = whole.split(group);
  const last = rest.pop() ?? '';
  const isGroup = (digits: string): boolean => /^\d{2,3}$/.test(digits);
  return /^\d{1,3}$/.test(first) && rest.every(isGroup) && /^\d{3}$/.test(last);
}

const isText = (text: string | undefined): text is string => text !== undefined;

function faultOf(bare: string): string {
  if (/^\d+\.\d{3,}$/.test(bare)) return 'Use at most two decimals: whole cents.';
  if (/^[-−]/.test(bare)) return 'Enter more than $0.00.';
  return 'Enter dollars, such as 250 or 99.95.';
}

const groupThousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');
