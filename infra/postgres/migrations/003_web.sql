-- Up Migration

-- What the web server writes; everything else it only reads, and draws numbers. Names, ids and keys
-- are stored as they are, passwords, sessions and tokens as hashes alone.

CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
  $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- Who can sign in. A name may be in `users` without being here: it has commands from a workload,
-- and an administrator hands it out.
CREATE TABLE web_users (
  user_id       text COLLATE "C" PRIMARY KEY,
  password_hash text NOT NULL,
  role          text NOT NULL CHECK (role IN ('trader', 'administrator')),
  must_change   boolean NOT NULL,
  created_at    bigint NOT NULL DEFAULT now_ms()
);

-- id is what lists show; the cookie's value is known by its hash only.
CREATE TABLE web_sessions (
  id           uuid PRIMARY KEY,
  token_hash   bytea NOT NULL UNIQUE,
  user_id      text COLLATE "C" NOT NULL REFERENCES web_users ON DELETE CASCADE,
  created_at   bigint NOT NULL DEFAULT now_ms(),
  last_seen_at bigint NOT NULL DEFAULT now_ms(),
  expires_at   bigint NOT NULL,
  address      text NOT NULL,
  user_agent   text NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX web_sessions_of_user ON web_sessions (user_id);
CREATE INDEX web_sessions_expiry ON web_sessions (expires_at);

-- workload: made by the command line for a run, whose users need no sign-in and whose commands
-- keep their numbers.
CREATE TABLE web_tokens (
  id           uuid PRIMARY KEY,
  token_hash   bytea NOT NULL UNIQUE,
  user_id      text COLLATE "C" NOT NULL,
  name         text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('personal', 'workload')),
  created_at   bigint NOT NULL DEFAULT now_ms(),
  last_used_at bigint,
  expires_at   bigint
) WITH (fillfactor = 70);

CREATE INDEX web_tokens_of_user ON web_tokens (user_id);

-- A write's number is drawn once, and the same key again finds it. Kept a day, as its stream is.
CREATE TABLE web_writes (
  user_id   text COLLATE "C" NOT NULL,
  key       text COLLATE "C" NOT NULL,
  body_hash text NOT NULL,
  number    bigint NOT NULL,
  at        bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (user_id, key)
);

CREATE INDEX web_writes_age ON web_writes (at);

-- Sign-ins, failed ones too, and what administrators did. Only grows.
CREATE TABLE web_log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      bigint NOT NULL DEFAULT now_ms(),
  event   text NOT NULL,
  actor   text COLLATE "C",
  user_id text COLLATE "C",
  address text NOT NULL
);

-- How often somebody failed lately: this is what limits guessing, in all processes together.
CREATE INDEX web_log_failures_of_user ON web_log (user_id, at) WHERE event = 'sign-in-failed';
CREATE INDEX web_log_failures_of_address ON web_log (address, at) WHERE event = 'sign-in-failed';
