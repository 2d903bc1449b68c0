/** The automatic scaling of the pools whose size follows their load. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import type { PoolName } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { loadQueues } from '../rabbitmq/load-queues.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import type { Services } from '../services/open-services.ts';
import { openAutoScaler, type AutoScaler } from './auto-scaler.ts';
import type { PoolScaling, ScaleRange } from '../../shared/control/system-info.ts';
import type { ProcessPool } from './process-pool.ts';

type PoolScalersOptions = {
  readonly services: Pick<Services, 'managementUrl' | 'amqpUrl'>;
  readonly resize: (pool: PoolName, size: number) => Promise<void>;
  readonly log: Logger;
};

export class PoolScalers {
  readonly #options: PoolScalersOptions;
  readonly #scalers = new Map<PoolName, AutoScaler>();

  constructor(options: PoolScalersOptions) {
    this.#options = options;
  }

  /**
   * Makes the size of a pool follow its load within the range, which replaces an earlier range. Throws a
   * `UsageError` if the broker's management API is not known.
   */
  start(pool: ProcessPool, range: ScaleRange): void {
    const { name } = pool;
    const { services, resize, log } = this.#options;
    const { managementUrl, amqpUrl } = services;
    if (managementUrl === undefined) {
      throw new UsageError('how long messages wait is not known: set AMQP_MANAGEMENT_URL');
    }
    this.end(name);
    const management = openManagement(managementUrl);
    const scaler = openAutoScaler({
      pool: name,
      range,
      members: () => pool.members().map((child) => ({ name: child.name, pid: child.pid() })),
      loadQueues: () => loadQueues(management, virtualHostOf(amqpUrl)),
      resize: (size) => resize(name, size),
      log,
    });
    this.#scalers.set(name, scaler);
  }

  /** Keeps the present size of a pool; a resize that has begun is completed. */
  end(name: PoolName): void {
    this.#scalers.get(name)?.close();
    this.#scalers.delete(name);
  }

  info(): readonly PoolScaling[] {
    return [...this.#scalers.values()].map((scaler) => scaler.info());
  }

  close(): void {
    [...this.#scalers.keys()].forEach((name) => this.end(name));
  }
}
