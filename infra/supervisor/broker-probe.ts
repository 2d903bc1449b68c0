/**
 * Probes whether the broker accepts messages. It publishes one that no queue takes, which the
 * broker confirms and drops.
 */
import type { Link } from '../../shared/amqp/link.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { renderBytes } from '../host/free-bytes.ts';
import { loadAlarms, type NodeAlarms } from '../rabbitmq/load-alarms.ts';
import type { Management } from '../../shared/amqp/management.ts';
import type { ServiceFault, ServiceProbe } from './service-watch.ts';

/**
 * The longest wait for a confirm, in ms. A broker under load confirms within milliseconds, one with
 * a stalling disk within a second or two.
 */
const CONFIRM_MAX_MS = 4_000;
/** A routing key that no queue has; no queue of this name is ever declared. */
const NOWHERE = 'daytrade.probe';

type BrokerProbeOptions = {
  readonly link: Link;
  readonly publisher: Publisher;
  /** Undefined if the management API is not known. */
  readonly management: Management | undefined;
};

/**
 * Returns a probe of the broker. At most one message is unconfirmed at a time, however long the
 * broker is away.
 */
export function makeBrokerProbe({ link, publisher, management }: BrokerProbeOptions): ServiceProbe {
  let pending: Promise<'confirmed' | 'lost'> | undefined;
  const probe = (): Promise<'confirmed' | 'lost'> => {
    pending ??= publisher
      .publish({ exchange: '', key: NOWHERE, body: PROBE, type: 'probe', ...DROPPED })
      .then(
        () => 'confirmed' as const,
        () => 'lost' as const,
      )
      .finally(() => (pending = undefined));
    return pending;
  };
  return async () => {
    const found = await Promise.race([probe(), silence()]);
    if (found === 'confirmed') return undefined;
    if (link.isBlocked()) {
      const alarms = management === undefined ? [] : await loadAlarms(management).catch(() => []);
      return describeBlocked(link.blockedReason() ?? '', alarms);
    }
    return {
      kind: 'away',
      what: `RabbitMQ ${found === 'lost' ? 'cannot be reached' : 'does not answer'}: no command is decided until it does.`,
      remedy:
        'A private one is started again by itself, and the log rabbitmq says why it ended; ' +
        'see that the one of AMQP_URL runs and can be reached. docs/RUNBOOK.md#serviceaway',
    };
  };
}

const PROBE = Buffer.alloc(0);
const DROPPED = { transient: true, mandatory: false } as const;

const silence = async (): Promise<'silent'> =>
  await new Promise((resolve) => {
    setTimeout(() => resolve('silent'), CONFIRM_MAX_MS).unref();
  });

/** Describes why the broker accepts no messages; without alarms, the text lacks the sizes. Pure. */
export function describeBlocked(reason: string, alarms: readonly NodeAlarms[]): ServiceFault {
  const isMemory = reason.includes('memory') && !reason.includes('disk');
  const node = alarms.find(({ disk, memory }) => (isMemory ? memory : disk));
  return isMemory ? memoryShort(node) : diskShort(node);
}

const memoryShort = (node: NodeAlarms | undefined): ServiceFault => ({
  kind: 'blocked',
  what:
    'RabbitMQ takes no messages because its memory is short' +
    `${node === undefined ? '' : ` (${renderBytes(node.memoryUsed)} of ${renderBytes(node.memoryLimit)} used)`}: ` +
    'no command is decided until it does.',
  remedy:
    'Give the machine more memory, or stop what uses it; it goes on by itself. docs/RUNBOOK.md#brokerblocked',
});

const diskShort = (node: NodeAlarms | undefined): ServiceFault => ({
  kind: 'blocked',
  what:
    'RabbitMQ takes no messages because its disk is nearly full' +
    `${node === undefined ? '' : ` (${renderBytes(node.diskFree)} free, its limit is ${renderBytes(node.diskLimit)})`}: ` +
    'no command is decided until it does.',
  remedy:
    'Make room on the disk of the broker (df -h); it goes on by itself. docs/RUNBOOK.md#brokerblocked',
});
