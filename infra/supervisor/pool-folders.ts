/** The folder of each pool's program in a build. */
import type { PoolName } from '../../shared/runtime/config.ts';

export const POOL_FOLDERS: Readonly<Record<PoolName, string>> = {
  transaction: 'consumers/transaction',
  quote: 'consumers/quote',
  trigger: 'consumers/trigger',
  audit: 'consumers/audit',
  intake: 'producers/intake',
  web: 'producers/web/server',
};
