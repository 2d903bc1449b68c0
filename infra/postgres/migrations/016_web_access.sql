-- Up Migration

-- password_version increases with each new password. A sign-in checks the password before it locks the
-- row, and compares the version under the lock, so that a sign-in with an old password fails.
-- disabled_at: when an administrator disabled the user, who cannot sign in until enabled again.
ALTER TABLE web_users
  ADD COLUMN password_version bigint NOT NULL DEFAULT 1,
  ADD COLUMN disabled_at bigint;
