/** Converts a command to a request of the web API; the server parses it to the same command. Pure. */
import type { AnyCommand, Command } from '../../shared/domain/command.ts';
import { renderDollars } from '../../shared/domain/money.ts';
import type { CommandRequest } from '../../shared/web-api/command.ts';

export function requestOf(command: Command, number: number): CommandRequest {
  const { type, amount, price, ...others }: AnyCommand = command;
  return {
    command: type,
    ...others,
    ...(amount !== undefined && { amount: renderDollars(amount) }),
    ...(price !== undefined && { price: renderDollars(price) }),
    number,
    // Requests and commands have the same fields, those of the catalogue.
  } as CommandRequest;
}
