-- Up Migration

-- The number of shards for the commands of this database's users: one row, inserted at the first start.
-- With another number, commands would remain in queues that have no consumer.
CREATE TABLE shard_count (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  shards   integer NOT NULL CHECK (shards BETWEEN 1 AND 99)
);
