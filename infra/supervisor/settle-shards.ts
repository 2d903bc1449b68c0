/** How many shards a system has: what its database says, from the first start on. */
import { openPool } from '../../shared/pg/pool.ts';
import { ensureShardCount } from '../../shared/pg/shard-count.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

export type SettleOptions = { readonly config: Config; readonly log: Logger };

/**
 * Commands may wait in the queues of the stored number, so the environment does not change it: it
 * rejects with a `ConfigError` where it says another.
 */
export async function settleShards(url: string, options: SettleOptions): Promise<number> {
  const { shards: asked, areShardsGiven } = options.config;
  const pool = openPool({ url, name: 'supervisor', size: 1, log: options.log });
  const stored = await ensureShardCount(pool, asked).finally(() => pool.end());
  if (!areShardsGiven || stored === asked) return stored;
  throw new ConfigError(
    `SHARDS=${asked}: this system has ${stored} shards.\n` +
      `Leave SHARDS unset; to change their number: ${OWN_COMMAND} reshard ${asked}`,
  );
}
