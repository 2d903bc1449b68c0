-- Up Migration

-- Every instant is the database's own, in Unix milliseconds, so that rows, messages and the audit
-- log say the same number. Money is whole cents. Names compare by code point, which is the order
-- in which locks are taken.

-- One row a name that any command came for. It is the only lock of the trading logic; it is no
-- account, and must exist before one does.
CREATE TABLE users (
  user_id text COLLATE "C" PRIMARY KEY
);

-- How far a producer's stream is done, per user. last_outcome answers whoever asks again.
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

-- Shares owned, those of pending sells included. A row stays when its last share is sold.
CREATE TABLE holdings (
  user_id text COLLATE "C" NOT NULL,
  symbol  text COLLATE "C" NOT NULL,
  shares  bigint NOT NULL CHECK (shares >= 0),
  PRIMARY KEY (user_id, symbol)
) WITH (fillfactor = 70);

-- Pending buys and sells; no orders the stacks.
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

-- amount: of a buy the reserve, of a sell what to sell for. Armed while arming_id is set.
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

-- Which armed triggers a price meets.
CREATE INDEX triggers_armed ON triggers (symbol, side, price) WHERE arming_id IS NOT NULL;

-- Every movement of money and shares, signed. Sums of these are the balances.
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

-- An arming fires at most once, whatever else goes wrong.
CREATE UNIQUE INDEX ledger_fired_once ON ledger (user_id, arming_id)
  WHERE event IN ('BuyTriggerFired', 'SellTriggerFired');

-- The latest quote of each symbol, and how prices moved.
CREATE TABLE quotes (
  symbol      text COLLATE "C" PRIMARY KEY,
  price       bigint NOT NULL CHECK (price > 0),
  received_at bigint NOT NULL,
  caused_by   text NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE quote_history (
  symbol      text COLLATE "C" NOT NULL,
  received_at bigint NOT NULL,
  price       bigint NOT NULL CHECK (price > 0),
  PRIMARY KEY (symbol, received_at)
);

-- One row is one audit message, cut at commit and never changed. Deleting it is the claim to insert
-- its events: a message that comes twice finds nothing to claim.
CREATE SEQUENCE outbox_ids;
CREATE TABLE outbox (
  id   bigint PRIMARY KEY,
  at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  body text NOT NULL
);

-- The audit log. The log is read in the order (outbox_id, index).
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

-- Takes whatever no month's partition takes, so that an event is never refused for want of one.
CREATE TABLE audit_events_rest PARTITION OF audit_events DEFAULT;

-- Runs of workload files: a name is a stream, and belongs to one file.
CREATE TABLE runs (
  name         text COLLATE "C" PRIMARY KEY,
  file         text NOT NULL,
  sha256       text NOT NULL,
  started_at   bigint NOT NULL,
  first_outbox bigint NOT NULL,
  finished_at  bigint
);

-- Dumps asked for; an audit consumer takes them.
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

-- Numbers for commands from the web and by hand; those of workload files are their own.
CREATE SEQUENCE transaction_numbers START WITH 1000000001 MINVALUE 1000000001;
