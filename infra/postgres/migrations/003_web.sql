-- Up Migration

-- The tables that the web server writes. It only reads all others, and draws numbers. Names, ids and keys
-- are stored in clear; passwords, sessions and tokens only as hashes.

CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
  $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- The users who can sign in. A name in `users` alone has commands from a workload, but cannot sign in
-- until an administrator hands it out.
CREATE TABLE web_users (
  user_id       text COLLATE "C" PRIMARY KEY,
  password_hash text NOT NULL,
  role          text NOT NULL CHECK (role IN ('trader', 'administrator')),
  must_change   boolean NOT NULL,
  created_at    bigint NOT NULL DEFAULT now_ms()
);

-- Lists show id. Only the hash of the cookie's value is stored.
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

-- kind 'workload': made by the command line for a run, whose users need not sign in and whose commands
-- keep the numbers of the file.
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

-- A write's number is drawn once; a repeated key finds it. Rows are kept for a day, like their streams.
CREATE TABLE web_writes (
  user_id   text COLLATE "C" NOT NULL,
  key       text COLLATE "C" NOT NULL,
  body_hash text NOT NULL,
  number    bigint NOT NULL,
  at        bigint NOT NULL DEFAULT now_ms(),
  PRIMARY KEY (user_id, key)
);

CREATE INDEX web_writes_age ON web_writes (at);

-- Sign-ins, including failed ones, and administrators' actions. Rows are only inserted.
CREATE TABLE web_log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      bigint NOT NULL DEFAULT now_ms(),
  event   text NOT NULL,
  actor   text COLLATE "C",
  user_id text COLLATE "C",
  address text NOT NULL
);

-- Count recent failures, which limit the guessing of passwords in all processes together.
CREATE INDEX web_log_failures_of_user ON web_log (user_id, at) WHERE event = 'sign-in-failed';
CREATE INDEX web_log_failures_of_address ON web_log (address, at) WHERE event = 'sign-in-failed';
