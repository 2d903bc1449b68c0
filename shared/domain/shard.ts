/** The shard of a user name or of a symbol. */

/** The largest shard count: a shard has two digits in the names of its queue and routing key. */
export const SHARDS_MAX = 99;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Returns the shard of a name, from 0 to `shardCount` − 1: 32-bit FNV-1a over its UTF-16 units, then a
 * final mix that spreads short names too. The function must never change, because queues hold messages
 * that were routed by it.
 */
export function shardOf(name: string, shardCount: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shardCount;
}
