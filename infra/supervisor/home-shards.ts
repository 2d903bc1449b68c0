/** Returns the home shards of one member: shards are dealt in turn, as evenly as possible. Pure. */
export const homeShardsOf = (member: number, members: number, shardCount: number): number[] =>
  [...Array(shardCount).keys()].filter((shard) => shard % members === member);

/** Returns the name of the process at which a shard is at home, among all transaction processes. Pure. */
export const homeOf = (shard: number, processes: number): string =>
  `transaction-${(shard % Math.max(processes, 1)) + 1}`;
