-- Up Migration

-- Instants are those of the database's clock, in Unix milliseconds, so that rows, messages and the audit
-- log have the same numbers. Money is in whole cents. Names are compared by code point, which is the
-- order in which locks are taken.

-- One row for each name that had a command. It is the only lock of the trading logic. It is not an
-- account, and exists before the account does.
CREATE TABLE users (
  user_id text COLLATE "C" PRIMARY KEY
);

-- The last position done of each producer's stream, per user. last_outcome answers repeated messages.
CREATE TABLE streams (
  user_id      text COLLATE "C" NOT NULL,
  stream       text COLLATE "C" NOT NULL,
  last         bigint NOT NULL CHECK (last > 0),
  last_outcome text NOT NULL,
  body_hash    text,
  at           bigint NOT NULL,
  PRIMARY KEY (user_id, stream)
) WITH (fillfactor = 70);

CREATE TABLE accounts (
  user_id       text COLLATE "C" PRIMARY KEY,
  balance       bigint NOT NULL CHECK (balance BETWEEN 0 AND 900000000000000),
  orders_placed bigint NOT NULL CHECK (orders_placed >= 0)
) WITH (fillfactor = 70);

-- Shares owned, including those in pending sells. A row remains after its last share is sold.
CREATE TABLE holdings (
  user_id text COLLATE "C" NOT NULL,
  symbol  text COLLATE "C" NOT NULL,
  shares  bigint NOT NULL CHECK (shares >= 0),
  PRIMARY KEY (user_id, symbol)
) WITH (fillfactor = 70);

-- Pending buys and sells, stacked in the order of no.
CREATE TABLE orders (
  user_id text COLLATE "C" NOT NULL,
  no      bigint NOT NULL CHECK (no > 0),
  side    text NOT NULL CHECK (side IN ('buy', 'sell')),
  symbol  text COLLATE "C" NOT NULL,
  shares  bigint NOT NULL CHECK (shares > 0),
  price   bigint NOT NULL CHECK (price > 0),
  at      bigint NOT NULL,
  PRIMARY KEY (user_id, no)
);

-- amount is the reserve of a buy trigger, or the money that a sell trigger sells for. A trigger is armed
-- while arming_id is set.
CREATE TABLE triggers (
  user_id      text COLLATE "C" NOT NULL,
  symbol       text COLLATE "C" NOT NULL,
  side         text NOT NULL CHECK (side IN ('buy', 'sell')),
  amount       bigint NOT NULL CHECK (amount > 0),
  arming_id    uuid,
  price        bigint CHECK (price > 0),
  shares       bigint NOT NULL CHECK (shares >= 0),
  armed_number bigint,
  PRIMARY KEY (user_id, symbol, side),
  CHECK ((arming_id IS NULL) = (price IS NULL)),
  CHECK ((arming_id IS NULL) = (armed_number IS NULL)),
  CHECK ((side = 'sell' AND arming_id IS NOT NULL) = (shares > 0))
) WITH (fillfactor = 70);

-- Finds the armed triggers that a price meets.
CREATE INDEX triggers_armed ON triggers (symbol, side, price) WHERE arming_id IS NOT NULL;

-- Every movement of money and shares, signed. Their sums are the balances, reserves and holdings.
CREATE TABLE ledger (
  user_id         text COLLATE "C" NOT NULL,
  id              bigint GENERATED ALWAYS AS IDENTITY,
  at              bigint NOT NULL,
  stream          text COLLATE "C",
  position        bigint,
  number          bigint NOT NULL,
  event           text NOT NULL,
  symbol          text COLLATE "C",
  price           bigint,
  arming_id       uuid,
  balance         bigint NOT NULL,
  reserve         bigint NOT NULL,
  deposited       bigint NOT NULL,
  traded          bigint NOT NULL,
  holding         bigint NOT NULL,
  reserved_shares bigint NOT NULL,
  traded_shares   bigint NOT NULL,
  PRIMARY KEY (user_id, id),
  CHECK (balance + reserve = deposited + traded),
  CHECK (holding + reserved_shares = traded_shares)
);

-- Ensures that an arming fires at most once.
CREATE UNIQUE INDEX ledger_fired_once ON ledger (user_id, arming_id)
  WHERE event IN ('BuyTriggerFired', 'SellTriggerFired');

-- The latest quote of each symbol.
CREATE TABLE quotes (
  symbol      text COLLATE "C" PRIMARY KEY,
  price       bigint NOT NULL CHECK (price > 0),
  received_at bigint NOT NULL,
  caused_by   text NOT NULL
) WITH (fillfactor = 70);

-- All quotes received. Each cost a hit; asked_at and fresh_until show afterwards that none was needless.
CREATE TABLE quote_history (
  symbol      text COLLATE "C" NOT NULL,
  asked_at    bigint NOT NULL,
  received_at bigint NOT NULL,
  fresh_until bigint NOT NULL,
  price       bigint NOT NULL CHECK (price > 0),
  PRIMARY KEY (symbol, received_at)
);

-- One row is one audit message, inserted with the commit and never changed. Deleting it is the claim to
-- store its events: if a message arrives twice, the second finds nothing to claim.
CREATE SEQUENCE outbox_ids;
CREATE TABLE outbox (
  id   bigint PRIMARY KEY,
  at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  body text NOT NULL
);

-- The audit log, read in the order (outbox_id, index).
CREATE TABLE audit_events (
  outbox_id         bigint NOT NULL,
  index             integer NOT NULL,
  at                bigint NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('userCommand', 'quoteServer',
                      'accountTransaction', 'systemEvent', 'errorEvent', 'debugEvent')),
  server            text NOT NULL,
  number            bigint NOT NULL CHECK (number > 0),
  user_id           text COLLATE "C" NOT NULL,
  stream            text COLLATE "C",
  position          bigint,
  command           text,
  symbol            text,
  file              text,
  funds             bigint,
  action            text,
  message           text,
  quote_server_time bigint,
  cryptokey         text,
  PRIMARY KEY (user_id, outbox_id, index, at)
) PARTITION BY RANGE (at);

CREATE INDEX audit_events_in_order ON audit_events (outbox_id, index);

-- The default partition, so that no event is refused because its month has no partition.
CREATE TABLE audit_events_rest PARTITION OF audit_events DEFAULT;

-- Creates the partition of a month, unless it exists or the default partition has rows of that month.
-- Returns the name of a partition that it created, else NULL.
CREATE FUNCTION make_audit_partition(day date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', day);
  from_ms bigint := extract(epoch FROM first AT TIME ZONE 'UTC') * 1000;
  to_ms bigint := extract(epoch FROM (first + interval '1 month') AT TIME ZONE 'UTC') * 1000;
  name text := 'audit_events_' || to_char(first, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('make_audit_partition'));
  IF to_regclass(name) IS NOT NULL THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM audit_events_rest WHERE at >= from_ms AND at < to_ms) THEN RETURN NULL; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_events FOR VALUES FROM (%s) TO (%s)',
                 name, from_ms, to_ms);
  RETURN name;
END $$;

-- Runs of workload files. The name of a run belongs to one file and gives its stream.
CREATE TABLE runs (
  name         text COLLATE "C" PRIMARY KEY,
  file         text NOT NULL,
  sha256       text NOT NULL,
  numbered     boolean NOT NULL,
  started_at   bigint NOT NULL,
  first_outbox bigint NOT NULL,
  finished_at  bigint
);

-- Requests for dumps, which the audit consumers take.
CREATE TABLE dumps (
  user_id        text COLLATE "C" NOT NULL,
  stream         text COLLATE "C" NOT NULL,
  position       bigint NOT NULL,
  scope          text NOT NULL CHECK (scope IN ('user', 'all')),
  file           text NOT NULL,
  up_to_outbox   bigint NOT NULL,
  reply_to       text,
  correlation_id text,
  asked_at       bigint NOT NULL,
  outcome        text,
  answered       boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, stream, position)
);

CREATE INDEX dumps_open ON dumps (asked_at) WHERE NOT answered;

-- Numbers for commands from the web and by hand. Workload files have numbers of their own.
CREATE SEQUENCE transaction_numbers START WITH 1000000001 MINVALUE 1000000001;
