-- Up Migration

-- inbox_read_id: the last ledger entry whose firing the user has seen. Earlier firings count as seen.
ALTER TABLE web_users ADD COLUMN inbox_read_id bigint NOT NULL DEFAULT 0;

UPDATE web_users u SET inbox_read_id =
  coalesce((SELECT max(id) FROM ledger l WHERE l.user_id = u.user_id), 0);
