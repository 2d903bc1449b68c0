-- Up Migration

-- PostgreSQL searches a session's temporary schema before all others unless search_path names it. The
-- audit role could hide one of our tables behind a temporary view, whose functions then ran with the
-- owner's rights.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION make_audit_partition(date) SET search_path = %I, pg_temp',
                 current_schema());
END $$;
