-- Up Migration

-- password_version grows with each new password. A sign-in checks the password before it locks the
-- row; under the lock it compares the version, so that one begun with the old password gives nothing.
-- disabled_at: an administrator has disabled the user, who cannot sign in until enabled again.
ALTER TABLE web_users
  ADD COLUMN password_version bigint NOT NULL DEFAULT 1,
  ADD COLUMN disabled_at bigint;
