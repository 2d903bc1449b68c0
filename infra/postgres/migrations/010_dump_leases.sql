-- Up Migration

-- A process that writes a dump holds a lease on it instead of a lock, so that a batch with a repeated
-- request can update the row. After the lease expires, another process may take the dump.
ALTER TABLE dumps ADD COLUMN taken_by text;
ALTER TABLE dumps ADD COLUMN taken_until timestamptz;

-- The transaction number of the command, for the errorEvent of a dump that cannot be written.
ALTER TABLE dumps ADD COLUMN number bigint;
