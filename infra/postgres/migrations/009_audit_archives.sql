-- Up Migration

-- Months of the audit log that were moved from audit_events to files. Verification of the log starts
-- after the last of them.
CREATE TABLE audit_archives (
  month       text PRIMARY KEY CHECK (month ~ '^\d{4}-\d{2}$'),
  until_ms    bigint NOT NULL,
  rows        bigint NOT NULL,
  file        text NOT NULL,
  archived_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Drops a month of the audit log. Returns the number of its rows.
CREATE FUNCTION drop_audit_month(day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', day);
  from_ms bigint := extract(epoch FROM first AT TIME ZONE 'UTC') * 1000;
  to_ms bigint := extract(epoch FROM (first + interval '1 month') AT TIME ZONE 'UTC') * 1000;
  dropped bigint;
BEGIN
  SELECT count(*) INTO dropped FROM audit_events WHERE at >= from_ms AND at < to_ms;
  EXECUTE format('DROP TABLE IF EXISTS %I', 'audit_events_' || to_char(first, 'YYYY_MM'));
  DELETE FROM audit_events_rest WHERE at >= from_ms AND at < to_ms;
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION drop_audit_month(date) FROM PUBLIC;
