-- Up Migration

-- How many shards the commands of this database's users are spread over: one row, made at the first
-- start. A start with another number would leave commands in queues that nobody takes from.
CREATE TABLE shard_count (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  shards   integer NOT NULL CHECK (shards BETWEEN 1 AND 99)
);
