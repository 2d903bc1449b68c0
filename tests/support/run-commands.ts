/** Runs commands as a transaction consumer does, one batch each, without a broker. */
import { handleBatch, type Committed } from '../../consumers/transaction/commit-batch.ts';
import type { BatchContext } from '../../consumers/transaction/decide-command.ts';
import type { Task } from '../../consumers/transaction/lanes.ts';
import type { UnackedDelivery } from '../../shared/amqp/delivery.ts';
import { armingId, type UserId } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { CommandMessage, UserCommands } from '../../shared/messages/command-message.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';
import { openBatchStore } from '../../shared/pg/batch-store.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { newId } from '../../shared/runtime/new-id.ts';

/** The price of every symbol in cents; a test changes it between commands. */
export type Market = { price: bigint };

export const deliveryOf = (messageId: string = newId()): UnackedDelivery => ({
  body: Buffer.alloc(0),
  messageId,
  correlationId: undefined,
  replyTo: undefined,
  type: 'commands',
  redelivered: false,
  isOpen: () => true,
  ack: () => undefined,
});

/** Makes a task of which no command is decided yet. */
export const taskOf = (message: CommandMessage): Task => ({
  delivery: deliveryOf(),
  end: () => undefined,
  message,
  next: 0,
  outcomes: [],
  expected: undefined,
});

export const contextOf = (market: Market): BatchContext => ({
  server: 'transaction-1',
  orderLifetimeMs: 60_000,
  freshQuote: (symbol, now: Instant) => ({
    symbol,
    price: market.price as Cents,
    receivedAt: now,
    causedBy: 'somebody else',
  }),
  newArmingId: () => armingId(newId()),
  refuse: false,
  debug: false,
  feeds: false,
  onDefect: (what) => {
    throw new Error(`invariant broken: ${what}`);
  },
});

/** Makes messages of one stream from lines such as `ADD,alice,100.00`; positions count per user. */
export class Producer {
  readonly #stream: string;
  readonly #last = new Map<UserId, number>();

  constructor(stream: string) {
    this.#stream = stream;
  }

  message(line: string): UserCommands {
    const parsed = parseCommandText(line);
    if (parsed.type === 'unreadable') throw new Error(`${line}: ${parsed.reason}`);
    const { user, command } = parsed;
    const position = (this.#last.get(user) ?? 0) + 1;
    this.#last.set(user, position);
    const commands = [{ number: position, command }];
    const stream = this.#stream;
    return {
      type: 'commands',
      user,
      stream,
      position,
      commands,
      administrator: true,
      again: false,
    };
  }
}

/** Decides and commits one message as a batch of its own. */
export async function runMessage(
  pool: Pool,
  message: CommandMessage,
  context: BatchContext,
): Promise<Committed> {
  const task = taskOf(message);
  const to = message.type === 'firing' ? 1 : message.commands.length;
  const slices = [{ task, from: 0, to }];
  return await handleBatch(
    openBatchStore(pool),
    [{ user: message.user, slices, quoteWait: 'none' }],
    context,
  );
}
