-- Up Migration

-- last_seen_at: the last use of a session or personal token, which outlives both.
ALTER TABLE web_users ADD COLUMN last_seen_at bigint;

UPDATE web_users u SET last_seen_at = greatest(
  (SELECT max(last_seen_at) FROM web_sessions s WHERE s.user_id = u.user_id),
  (SELECT max(at) FROM web_log l
    WHERE l.actor = u.user_id AND l.event IN ('signed-in', 'signed-up', 'signed-out')));
