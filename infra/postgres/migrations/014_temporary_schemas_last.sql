-- Up Migration

-- A session's temporary schema is searched before all others unless the path names it. The audit role
-- could put a temporary view in the place of a table of ours, and the view's functions then ran as the
-- owner.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION make_audit_partition(date) SET search_path = %I, pg_temp',
                 current_schema());
END $$;
