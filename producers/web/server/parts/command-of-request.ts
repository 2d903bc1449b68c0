/** Converts a request of the web API to a command, and checks what its schema cannot express. */
import type { FieldName, FieldValues } from '../../../../shared/domain/command-catalogue.ts';
import { buildCommand, type Command } from '../../../../shared/domain/command.ts';
import { parseSymbol, type StockSymbol } from '../../../../shared/domain/identity.ts';
import { AMOUNT_MAX, NO_MONEY, parseDollars, type Cents } from '../../../../shared/domain/money.ts';
import type { AnyRequest, CommandRequest } from '../../../../shared/web-api/command.ts';
import { HttpProblem } from './http-problem.ts';

const PARSERS: { readonly [Field in FieldName]: (text: string) => FieldValues[Field] } = {
  symbol: symbolOf,
  amount: (text) => amountOf(text, 'amount'),
  price: (text) => amountOf(text, 'price'),
  file: (text) => text,
};

/** Throws `request-invalid` if an amount, a price or a symbol is out of its range. */
export function commandOf(request: CommandRequest): Command {
  const { command, scope = 'user', ...texts }: AnyRequest = request;
  // The schema of the request demands the fields of its command.
  return buildCommand(command, (field) => PARSERS[field](texts[field] ?? ''), scope);
}

function amountOf(text: string, field: string): Cents {
  const amount = parseDollars(text);
  if (amount === undefined || amount <= NO_MONEY || amount > AMOUNT_MAX) {
    throw new HttpProblem(
      'request-invalid',
      `body/${field} must be dollars above 0 and at most 1000000000.00`,
    );
  }
  return amount;
}

export function symbolOf(text: string): StockSymbol {
  const symbol = parseSymbol(text);
  if (symbol === undefined) throw new HttpProblem('request-invalid', 'a symbol is 1 to 3 letters');
  return symbol;
}
