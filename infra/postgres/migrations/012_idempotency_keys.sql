-- Up Migration

-- A row decides which commands a key stands for, and when it expires: a browser's write under its
-- Idempotency-Key, the lines of an intake message under its message_id, or a command by hand. Each use
-- of a key has a stream of its own, so that an expired key can be used again.
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

-- An intake message has a stream for each of its users; they are deleted with its key. The index has only
-- columns that never change, unlike streams.at, so that updates of streams do not write to it.
CREATE INDEX streams_of_intake ON streams (stream) WHERE stream LIKE 'intake:%';

-- Keys used before keep their streams and their expiry. The numbers of intake lines were not stored.
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
