/** Handles a message of lines: runs them, and sends the report to the publisher or parks the faulty ones. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { DEFAULT_EXCHANGE, isSystemQueue } from '../../shared/messages/address.ts';
import { ContractError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { faultsText, IntakeReport } from './intake-report.ts';
import { readPublication } from './publication.ts';
import { messageIdOf, runText, type TextParts } from './run-text.ts';

type LinesDeps = {
  readonly parts: TextParts;
  readonly publisher: Publisher;
  readonly log: Logger;
};

/**
 * Runs the lines of a message and sends the report. Without a reply queue the publisher gets no report,
 * so a message with faulty lines is parked for an operator.
 */
export async function handleLines(delivery: Delivery, deps: LinesDeps): Promise<Fate> {
  const { parts, publisher, log } = deps;
  const { report, messageId, refusal } = await runDelivery(delivery, parts);
  log.info('lines taken', { messageId, ...report.summary() });
  const replyTo = clientQueue(delivery, log);
  if (replyTo !== undefined) {
    await publisher.publish({
      exchange: DEFAULT_EXCHANGE,
      key: replyTo,
      body: Buffer.from(JSON.stringify(report.render())),
      type: 'intake-report',
      correlationId: delivery.correlationId ?? delivery.messageId,
      // The reply queue may be gone.
      mandatory: false,
    });
    return DONE;
  }
  if (report.faults.length === 0) return DONE;
  const why = refusal ?? new ContractError('message-unreadable', faultsText(report.faults));
  return { is: 'parked', why, messageId };
}

/** Returns the reply queue of a client. Ignores queues of the system, to which a client may not publish. */
function clientQueue({ replyTo, messageId }: Delivery, log: Logger): string | undefined {
  if (replyTo === undefined || !isSystemQueue(replyTo)) return replyTo;
  log.warn('answer not sent: reply_to names a queue of the system', { messageId, replyTo });
  return undefined;
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
