-- Up Migration

-- Only the owner of a table may add a partition. The audit consumer owns nothing; it creates partitions by
-- this function, which runs with the owner's rights and searches our schema only.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION make_audit_partition(date) SECURITY DEFINER SET search_path = %I',
                 current_schema());
END $$;
REVOKE ALL ON FUNCTION make_audit_partition(date) FROM PUBLIC;
