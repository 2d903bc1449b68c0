/** Parses a list of symbols in a query, such as `ABC,xyz`; throws `request-invalid`. */
import { parseSymbol, type StockSymbol } from '../../../../shared/domain/identity.ts';
import { HttpProblem } from './http-problem.ts';
import { SYMBOLS_MAX } from './limits.ts';

export function symbolsOf(text: string): readonly StockSymbol[] {
  const parts = text.split(',').filter((part) => part !== '');
  const symbols = new Set(parts.flatMap((part) => parseSymbol(part) ?? []));
  if (parts.some((part) => parseSymbol(part) === undefined) || parts.length > SYMBOLS_MAX) {
    throw new HttpProblem('request-invalid', `symbols are up to ${SYMBOLS_MAX}, of 1 to 3 letters`);
  }
  return [...symbols];
}
