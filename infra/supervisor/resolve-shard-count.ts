/** Finds the shard count of a system: the database stores it from the first start on. */
import { openPool } from '../../shared/pg/pool.ts';
import { ensureShardCount } from '../../shared/pg/shard-count.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { ConfigError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

type ShardCountOptions = { readonly config: Config; readonly log: Logger };

/**
 * Returns the stored shard count; stores the configured one if there is none. Rejects with a
 * `ConfigError` if the environment sets another: commands may wait in the queues of the stored
 * number, so only `reshard` changes it.
 */
export async function resolveShardCount(url: string, options: ShardCountOptions): Promise<number> {
  const { shards: asked, areShardsGiven } = options.config;
  const pool = openPool({ url, name: 'supervisor', size: 1, log: options.log });
  const stored = await ensureShardCount(pool, asked).finally(() => pool.end());
  if (!areShardsGiven || stored === asked) return stored;
  throw new ConfigError(
    `SHARDS=${asked}: this system has ${stored} shards.\n` +
      `Leave SHARDS unset; to change their number: ${OWN_COMMAND} reshard ${asked}`,
  );
}
