-- Up Migration

-- The stocks that a user has starred.
CREATE TABLE web_watches (
  user_id text COLLATE "C" NOT NULL,
  symbol  text COLLATE "C" NOT NULL,
  at      bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (user_id, symbol)
);
