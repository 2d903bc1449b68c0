/** The intake process: runs workload lines that people publish as text with any AMQP client. */
import { openConsumer } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { SYSTEM_USER } from '../../shared/domain/identity.ts';
import { DEFAULT_EXCHANGE, isSystemQueue } from '../../shared/messages/address.ts';
import type { Answer } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { INTAKE_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import { claimKey, INTAKE_KEY_LIFETIME_MS } from '../../shared/pg/idempotency-keys.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import { ContractError } from '../../shared/runtime/errors.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { openSender } from '../workload/sender.ts';
import { faultsText, IntakeReport } from './intake-report.ts';
import { readPublication } from './publication.ts';
import { messageIdOf, runText, type TextParts } from './run-text.ts';

/** One message at a time, so that messages take effect in the order in which they were published. */
const PREFETCH = 1;

async function start({ name, config, ...context }: ProcessContext): Promise<Running> {
  const { amqpUrl: url, databaseUrl, tracer, log } = context;
  const pool = openPool({ url: databaseUrl, name, size: CONNECTIONS.intake, log });
  const publishing = await openLink({ url, name: `${name} publishing`, tracer, log });
  const consuming = await openLink({ url, name: `${name} consuming`, tracer, log });
  const publisher = await openPublisher(publishing);
  const clock = openDatabaseClock(SYSTEM_TIMERS);
  const asked = new Map<UserCommands, Deferred<Answer>>();
  const sender = await openSender({
    name,
    publisher,
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount: config.shards,
    log,
    onAnswer: ({ message, answer }) => {
      asked.get(message)?.resolve(answer);
      asked.delete(message);
    },
  });
  const parts: TextParts = {
    clock,
    claim: async ({ stream, bodyHash, draw }) => {
      const lifetimeMs = INTAKE_KEY_LIFETIME_MS;
      const use = {
        user: SYSTEM_USER,
        key: stream,
        stream,
        bodyHash,
        numbers: [],
        draw,
        lifetimeMs,
      };
      const claimed = await claimKey(pool, use);
      clock.observe(claimed.now);
      return claimed;
    },
    ask: async (message) => {
      const answer = deferred<Answer>();
      asked.set(message, answer);
      await sender.send(message);
      return await answer.promise;
    },
  };

  /** Runs the lines of a message and sends the report; without a reply queue, parks faulty lines. */
  const handle = async (delivery: Delivery): Promise<Fate> => {
    const { report, messageId, refusal } = await runDelivery(delivery, parts);
    log.info('lines taken', { messageId, ...report.summary() });
    const replyTo = clientQueue(delivery);
    if (replyTo !== undefined) await reply(delivery, replyTo, report);
    // Without a reply queue the publisher gets no report, so an operator must find the parked message.
    else if (report.faults.length > 0) {
      const why = refusal ?? new ContractError('message-unreadable', faultsText(report.faults));
      return { is: 'parked', why, messageId };
    }
    return DONE;
  };
  /** Returns the reply queue of a client. Ignores queues of the system, to which a client may not publish. */
  const clientQueue = ({ replyTo, messageId }: Delivery): string | undefined => {
    if (replyTo === undefined || !isSystemQueue(replyTo)) return replyTo;
    log.warn('answer not sent: reply_to names a queue of the system', { messageId, replyTo });
    return undefined;
  };
  const reply = (delivery: Delivery, key: string, report: IntakeReport): Promise<void> =>
    publisher.publish({
      exchange: DEFAULT_EXCHANGE,
      key,
      body: Buffer.from(JSON.stringify(report.render())),
      type: 'intake-report',
      correlationId: delivery.correlationId ?? delivery.messageId,
      // The reply queue may be gone.
      mandatory: false,
    });

  let latest: Promise<unknown> = Promise.resolve();
  const consumer = await openConsumer(consuming, {
    name,
    prefetch: PREFETCH,
    log,
    isDurable: true,
    declare: (channel) => declareQueue(channel, INTAKE_QUEUE_SPEC),
    parse: () => undefined,
    handle: (_, delivery) => {
      // A message that comes again on a new channel waits until the old one is no longer in work.
      const handled = latest.then(() => handle(delivery));
      latest = handled.catch(() => undefined);
      return handled;
    },
    parking: { from: 'intake', publisher },
  });
  return {
    stop: async () => {
      await consumer.idle();
      await consumer.close();
      await sender.close();
      await Promise.all([publishing.close(), consuming.close(), pool.end()]);
    },
  };
}

type Handled = {
  readonly report: IntakeReport;
  /** The message id that a replay must use, so that lines that are done have no second effect. */
  readonly messageId: string;
  /** Set if the whole message was refused. */
  readonly refusal?: ContractError;
};

/** Runs the lines of a message, or refuses it as a whole. */
async function runDelivery(delivery: Delivery, parts: TextParts): Promise<Handled> {
  try {
    const run = readPublication(delivery);
    return { report: await runText(run, parts), messageId: messageIdOf(run) };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const report = IntakeReport.refused(error.message);
    return { report, messageId: delivery.messageId, refusal: error };
  }
}

await runProcess('intake', start);
