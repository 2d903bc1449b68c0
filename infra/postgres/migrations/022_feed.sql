-- Up Migration

-- Who reads the feed. While there is nobody, no process writes to feed_outbox.
CREATE TABLE feed_readers (
  name       text COLLATE "C" PRIMARY KEY,
  keys       text NOT NULL,
  granted_at bigint NOT NULL DEFAULT now_ms()
);

-- What happened in a batch, inserted with its commit and deleted once the broker has it. The ids are drawn
-- under the locks of the users, so those of one user are in the order of commits.
CREATE TABLE feed_outbox (
  id   bigint PRIMARY KEY,
  at   bigint NOT NULL DEFAULT now_ms(),
  body text NOT NULL
);
