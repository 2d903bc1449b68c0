/** Which partition of users, or of symbols, a name belongs to. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A stable shard of a name: 32-bit FNV-1a over its UTF-16 units, then a finishing mix so that short
 * names spread too. It may never change: queues hold messages placed by it.
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
