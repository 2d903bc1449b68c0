/** Returns the home shards of one member: shards are dealt in turn, as evenly as possible. Pure. */
export const homeShardsOf = (member: number, members: number, shardCount: number): number[] =>
  [...Array(shardCount).keys()].filter((shard) => shard % members === member);
