/** The transaction number in brackets at the start of a line. Source: SPEC §1.1. */
import { trimBlanks } from './split-fields.ts';

type NumberedText = {
  /** The text in the brackets; undefined if the line does not start with brackets. */
  readonly digits: string | undefined;
  readonly rest: string;
};

/** Splits a line into the text in its brackets and the text after them. */
export function splitNumber(text: string): NumberedText {
  const line = trimBlanks(text);
  const close = line.startsWith('[') ? line.indexOf(']') : -1;
  if (close === -1) return { digits: undefined, rest: line };
  return { digits: trimBlanks(line.slice(1, close)), rest: line.slice(close + 1) };
}

const ZERO = 0x30;

/** Parses a number from 1 to 2^53−1, with leading zeros allowed; 0 if the text is not one. */
export function parseNumber(digits = ''): number {
  let number = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
    // Above the limit a double skips integers, but it never falls below the limit again.
    if (number > Number.MAX_SAFE_INTEGER) return 0;
  }
  return number;
}
