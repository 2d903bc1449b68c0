/** Publishes what follows from a committed batch: its audit messages, its dumps and its answers. */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { AUDIT_EXCHANGE, REPLIES_EXCHANGE, DUMPS_KEY } from '../../shared/messages/address.ts';
import { renderAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Committed } from './commit-batch.ts';
import type { Task } from './lanes.ts';

type PublishOptions = {
  /** The name of the process, which answers state. */
  readonly name: string;
  readonly publisher: Publisher;
  readonly log: Logger;
};

/**
 * Publishes the audit messages and the answers together: the answers need not wait until the broker has
 * confirmed the audit messages, because the outbox already holds those. A message that fails is published
 * once more when the link is back. Never rejects: the audit consumer finds outbox rows that were not
 * published, and a requester without an answer asks again after some time.
 */
export async function publishBatch(
  { name, publisher, log }: PublishOptions,
  committed: readonly Committed[],
  settled: readonly Task[],
): Promise<void> {
  const publications = [
    ...committed.flatMap(auditPublications),
    ...answerPublications(name, settled),
  ];
  const again = async (publication: Publication): Promise<void> => {
    await publisher.ready();
    await publisher.publish(publication);
  };
  await Promise.all(
    publications.map((publication) =>
      publisher
        .publish(publication)
        .catch(() => again(publication))
        .catch((error: unknown) => {
          log.warn('publishing failed', { exchange: publication.exchange, error });
        }),
    ),
  );
}

/** Returns the distinct traces of the messages in a batch; undefined if none is traced. */
function traceOf({ lanes }: Committed): Publication['trace'] {
  const parents = lanes.flatMap(({ slices }) =>
    slices.flatMap(({ task }) => task.delivery.trace ?? []),
  );
  return parents.length === 0 ? undefined : [...new Set(parents)];
}

const auditPublications = (committed: Committed): readonly Publication[] => [
  ...(committed.audit === undefined ? [] : [auditPublication(committed.audit, traceOf(committed))]),
  ...(committed.dumps
    ? [{ exchange: AUDIT_EXCHANGE, key: DUMPS_KEY, body: Buffer.from('{"v":1}'), type: 'dump' }]
    : []),
];

/** Renders one message for each reply queue. */
function answerPublications(name: string, settled: readonly Task[]): readonly Publication[] {
  const byQueue = new Map<string, Answer[]>();
  for (const task of settled) {
    const { replyTo } = task.delivery;
    if (replyTo === undefined || task.message.type === 'firing') continue;
    const answers = byQueue.get(replyTo) ?? [];
    byQueue.set(replyTo, answers);
    answers.push(answerOf(task));
  }
  return [...byQueue].map(([replyTo, answers]) => ({
    exchange: REPLIES_EXCHANGE,
    key: replyTo,
    body: renderAnswerMessage({ from: name, answers }),
    type: 'answers',
    transient: true,
    mandatory: false,
  }));
}

function answerOf({ delivery, message, outcomes, expected }: Task): Answer {
  const { stream, position } = message.type === 'commands' ? message : { stream: '', position: 1 };
  const common = { id: delivery.messageId, user: message.user, stream, position, outcomes };
  return expected === undefined ? common : { ...common, expected };
}
