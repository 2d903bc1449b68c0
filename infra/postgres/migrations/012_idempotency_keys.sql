-- Up Migration

-- One row decides what a key stands for, and for how long: the write of a browser under its
-- Idempotency-Key, the lines of an intake message under its message_id, a command by hand. Each use
-- of a key has a stream of its own, so that a key whose time is over can be used again.
CREATE TABLE idempotency_keys (
  user_id    text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  body_hash  text NOT NULL,
  numbers    bigint[] NOT NULL,
  stream     text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- An intake message has a stream for each of its users, and they go with its key. Only names that
-- never change are indexed: an index on streams.at would make every update of a stream write to it.
CREATE INDEX streams_of_intake ON streams (stream) WHERE stream LIKE 'intake:%';

-- Keys that were used before keep their streams and their time. The numbers of intake lines were
-- not kept.
INSERT INTO idempotency_keys (user_id, key, body_hash, numbers, stream, expires_at)
SELECT user_id, key, body_hash, ARRAY[number], 'web:' || key, at + 24 * 3600 * 1000 FROM web_writes;

INSERT INTO idempotency_keys (user_id, key, body_hash, numbers, stream, expires_at)
SELECT user_id, stream, '', '{}', stream, at + 24 * 3600 * 1000
  FROM streams WHERE stream LIKE 'hand:%';

INSERT INTO idempotency_keys (user_id, key, body_hash, numbers, stream, expires_at)
SELECT '$system', stream, min(coalesce(body_hash, '')), '{}', stream,
       max(at) + 31::bigint * 24 * 3600 * 1000
  FROM streams WHERE stream LIKE 'intake:%' GROUP BY stream;

DROP TABLE web_writes;
