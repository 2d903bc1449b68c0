-- Up Migration

-- Only its owner may add a partition to a table. The audit consumer makes them by this function, in
-- the name of the owner and in our schema alone, and owns nothing itself.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION make_audit_partition(date) SECURITY DEFINER SET search_path = %I',
                 current_schema());
END $$;
REVOKE ALL ON FUNCTION make_audit_partition(date) FROM PUBLIC;
