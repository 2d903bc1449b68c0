/** Reads money as logs write it: exactly, as a float, or in another form. */
import { cents, type Cents } from '../../shared/domain/money.ts';

type LogMoney = {
  /** Rounded to whole cents; undefined if the text is no number. */
  readonly cents: Cents | undefined;
  /**
   * `plain`: above zero with exactly two decimals, as SPEC §5.1 writes it; `other`: a whole number of cents in
   * another form; `fraction`: not a whole number of cents, or no number.
   */
  readonly form: 'plain' | 'other' | 'fraction';
};

const PLAIN = /^(0|[1-9]\d*)\.\d{2}$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

export function readMoney(text: string): LogMoney {
  const trimmed = text.trim();
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(trimmed) ?? [];
  if (whole + fraction === '') return readFloat(trimmed);
  const digits = fraction.padEnd(2, '0');
  const rest = digits.slice(2);
  const size = BigInt(`${whole}${digits.slice(0, 2)}`) + (rest >= '5' ? 1n : 0n);
  const value = cents(sign === '-' ? -size : size);
  if (/[1-9]/.test(rest)) return { cents: value, form: 'fraction' };
  return { cents: value, form: PLAIN.test(text) && value > 0n ? 'plain' : 'other' };
}

/** Reads a number with an exponent, which no schema allows but some languages print. */
function readFloat(text: string): LogMoney {
  const value = text === '' ? Number.NaN : Number(text);
  const isNumber = Number.isFinite(value);
  return { cents: isNumber ? cents(Math.round(value * 100)) : undefined, form: 'fraction' };
}
