-- Up Migration

-- The process that writes a dump holds a lease on it, and no lock: a batch that handles the same
-- request again only updates the row. When the lease is over, another process may take the dump.
ALTER TABLE dumps ADD COLUMN taken_by text;
ALTER TABLE dumps ADD COLUMN taken_until timestamptz;

-- The transaction number of the command, for the errorEvent of a dump that cannot be written.
ALTER TABLE dumps ADD COLUMN number bigint;
