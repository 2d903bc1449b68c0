/**
 * The transaction consumer of the limit: takes the system's messages by the system's batches, writes
 * the rows the system writes in one transaction, publishes, answers, acks, and decides nothing.
 */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import { openConsumer } from '../../shared/amqp/consumer.ts';
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import { parseUserId } from '../../shared/domain/identity.ts';
import { instant } from '../../shared/domain/time.ts';
import { commandsQueue, REPLIES_EXCHANGE } from '../../shared/messages/address.ts';
import { openBatchStore } from '../../shared/pg/batch-store.ts';
import { openPool } from '../../shared/pg/pool.ts';
import type { BatchStore } from '../../shared/ports/batch-store.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { CannedRows, type Portion } from './canned-rows.ts';
import type { RowRates } from './row-rates.ts';
import { runAsTool } from '../../infra/capacity/tool.ts';

export type LimitInput = {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly shardCount: number;
  readonly rates: RowRates;
  /** The system's own audit rows, without outbox id and index: what it writes is as long. */
  readonly auditTails: readonly string[];
  readonly logFile: string;
};

/** As in the system: `consumers/transaction/batcher.ts` and `shards.ts`. */
const PREFETCH = 150;
const COMMANDS_MAX = 512;
const IN_FLIGHT_MAX = 2;
const SECOND_COMMANDS_MIN = 64;

type Taken = Portion & { readonly delivery: Delivery; readonly end: (fate: Fate) => void };

class Limit {
  readonly #store: BatchStore;
  readonly #publisher: Publisher;
  readonly #rows: CannedRows;
  #waiting: Taken[] = [];
  readonly #busy = new Set<string>();
  #waitingCommands = 0;
  #inFlight = 0;
  #isScheduled = false;
  #outboxId = 0;

  constructor(store: BatchStore, publisher: Publisher, rows: CannedRows) {
    this.#store = store;
    this.#publisher = publisher;
    this.#rows = rows;
  }

  take(portion: Portion, delivery: Delivery): Promise<Fate> {
    this.#waitingCommands += portion.count;
    this.#schedule();
    return new Promise((end) => this.#waiting.push({ ...portion, delivery, end }));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#inFlight < IN_FLIGHT_MAX && this.#waiting.length > 0) {
      if (this.#inFlight > 0 && this.#waitingCommands < SECOND_COMMANDS_MIN) return;
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      this.#inFlight += 1;
      this.#run(batch).catch((error: unknown) => {
        console.error(error);
        process.exit(1);
      });
    }
  }

  /** Never one user in two batches: their rows would wait for each other in a ring. */
  #takeBatch(): readonly Taken[] {
    const batch: Taken[] = [];
    const rest: Taken[] = [];
    let commands = 0;
    for (const taken of this.#waiting) {
      const isIn = commands < COMMANDS_MAX && !this.#busy.has(taken.user);
      (isIn ? batch : rest).push(taken);
      if (isIn) commands += taken.count;
    }
    this.#waiting = rest;
    this.#waitingCommands -= commands;
    for (const { user } of batch) this.#busy.add(user);
    return batch;
  }

  async #run(batch: readonly Taken[]): Promise<void> {
    const portions = joined(batch);
    const id = (this.#outboxId += 1).toString();
    const body = this.#rows.auditBody(portions, id);
    const now = instant(Date.now());
    const writes = this.#rows.writesOf(portions, now);
    await this.#store.inTransaction((transaction) => {
      transaction.save(writes, { outboxId: id, now, body, feed: '' });
      return Promise.resolve();
    });
    this.#inFlight -= 1;
    for (const { user } of batch) this.#busy.delete(user);
    this.#schedule();
    await this.#publisher.publish(auditPublication({ id, body }));
    await this.#answer(batch);
    for (const { end } of batch) end(DONE);
  }

  async #answer(batch: readonly Taken[]): Promise<void> {
    const [first] = batch;
    if (first?.delivery.replyTo === undefined) return;
    const ids = batch.map(({ delivery }) => delivery.messageId);
    await this.#publisher.publish({
      exchange: REPLIES_EXCHANGE,
      key: first.delivery.replyTo,
      body: Buffer.from(JSON.stringify(ids)),
      type: 'limit-answers',
      transient: true,
      mandatory: false,
    });
  }
}

function portionOf(body: Buffer): Portion {
  const { user, stream, position, commands } = JSON.parse(body.toString()) as {
    readonly user: string;
    readonly stream: string;
    readonly position: number;
    readonly commands: readonly unknown[];
  };
  const known = parseUserId(user);
  if (known === undefined) throw new TypeError(`${user} is no user`);
  return { user: known, stream, position, count: commands.length };
}

/** A batch writes each user's row once. */
function joined(batch: readonly Portion[]): readonly Portion[] {
  const portions = new Map<string, Portion>();
  for (const { user, stream, position, count } of batch) {
    const known = portions.get(user);
    portions.set(user, {
      user,
      stream,
      position: known?.position ?? position,
      count: (known?.count ?? 0) + count,
    });
  }
  return [...portions.values()];
}

runAsTool(async (given): Promise<'ready'> => {
  const input = given as LimitInput;
  const { amqpUrl: url, databaseUrl, shardCount, rates, auditTails, logFile } = input;
  const log = openFileLogger('limit', { level: 'info', file: logFile });
  const pool = openPool({
    url: databaseUrl,
    name: 'limit',
    size: IN_FLIGHT_MAX,
    pipeline: true,
    log,
  });
  const publishing = await openLink({ url, name: 'limit publishing', log });
  const consuming = await openLink({ url, name: 'limit consuming', log });
  const publisher = await openPublisher(publishing);
  const limit = new Limit(openBatchStore(pool), publisher, new CannedRows(rates, auditTails));
  for (let shard = 0; shard < shardCount; shard += 1) {
    await openConsumer(consuming, {
      name: 'limit',
      prefetch: PREFETCH,
      log,
      declare: () => Promise.resolve(commandsQueue(shard)),
      parse: portionOf,
      handle: (portion, delivery) => limit.take(portion, delivery),
    });
  }
  return 'ready';
});
