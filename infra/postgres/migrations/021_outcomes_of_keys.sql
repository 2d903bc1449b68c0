-- Up Migration

-- The outcome of the command of a web key, which the transaction that decides the command saves with it.
-- Null for keys of the intake and of commands by hand, whose outcomes are those of their streams.
ALTER TABLE idempotency_keys ADD COLUMN outcome text;

UPDATE idempotency_keys k SET outcome = s.last_outcome
  FROM streams s
 WHERE s.stream = k.stream AND s.user_id IN (k.user_id, '$system') AND k.stream LIKE 'web:%';
