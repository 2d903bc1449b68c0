/** Which process of a pool takes which shards: as even as can be, in turn. Pure. */
export const homeShardsOf = (member: number, members: number, shardCount: number): number[] =>
  [...Array(shardCount).keys()].filter((shard) => shard % members === member);
