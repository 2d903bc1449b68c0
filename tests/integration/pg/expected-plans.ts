/** How the statements of the hot path reach tables, on every supported version of PostgreSQL. */

/** The statements of a batch, and of a quote that is stored. */
export const CHANGING: Readonly<Record<string, string>> = {
  'users-make': 'Insert users',
  'users-lock': 'Bitmap Index Scan users_pkey',
  'accounts-load': 'Bitmap Index Scan accounts_pkey',
  'holdings-load': 'Nested Loop, Bitmap Index Scan orders_pkey, Index Scan holdings_pkey',
  'orders-load': 'Bitmap Index Scan orders_pkey',
  'triggers-load': 'Nested Loop, Index Scan triggers_pkey',
  'holdings-load-whole': 'Bitmap Index Scan holdings_pkey',
  'triggers-load-whole': 'Bitmap Index Scan triggers_pkey',
  'streams-load': 'Nested Loop, Index Scan streams_pkey',
  'idempotency-keys-load': 'Nested Loop, Index Scan idempotency_keys_pkey',
  'ledger-recent': 'Nested Loop, Bitmap Index Scan ledger_pkey',
  'accounts-save': 'Insert accounts (accounts_pkey)',
  'holdings-save': 'Insert holdings (holdings_pkey)',
  'orders-insert': 'Insert orders',
  'triggers-save': 'Insert triggers (triggers_pkey)',
  'streams-save': 'Insert streams (streams_pkey)',
  'idempotency-keys-save': 'Insert idempotency_keys (idempotency_keys_pkey)',
  'ledger-append': 'Insert ledger',
  'outbox-insert': 'Insert outbox',
  'feed-insert': 'Insert feed_outbox',
  'orders-delete': 'Delete orders, Nested Loop, Index Scan orders_pkey',
  'triggers-delete': 'Delete triggers, Nested Loop, Index Scan triggers_pkey',
  'quotes-save': 'Insert quotes (quotes_pkey)',
  'quotes-remember': 'Insert quote_history',
};

/** For people, for triggers, and for the audit log. */
export const READING: Readonly<Record<string, string>> = {
  'web-portfolio-load':
    'Index Scan orders_pkey, Bitmap Index Scan holdings_pkey, Index Scan triggers_pkey, Index Scan accounts_pkey, Nested Loop, Index Scan quotes_pkey, Index Scan web_users_pkey, Index Scan ledger_fired_once, Index Only Scan ledger_pkey, Index Scan accounts_pkey, Index Only Scan ledger_pkey, Index Scan web_users_pkey',
  'web-portfolio-versions':
    'Index Scan accounts_pkey, Index Only Scan ledger_pkey, Index Scan web_users_pkey, Index Scan orders_pkey, Index Scan triggers_pkey',
  'web-ledger-page': 'Index Scan accounts_pkey, Bitmap Index Scan ledger_pkey',
  'web-ledger-after': 'Bitmap Index Scan ledger_pkey or Index Scan ledger_pkey',
  'web-ledger-last': 'Index Only Scan ledger_pkey',
  'quotes-load': 'Index Scan quotes_pkey',
  'triggers-met': 'Bitmap Index Scan triggers_armed, Index Scan triggers_armed',
  'audit-extent': 'Index Only Scan audit_events_rest_outbox_id_index_idx, Seq Scan audit_archives',
  'audit-page-of-user': 'Bitmap Index Scan audit_events_rest_pkey',
  'audit-page': 'Index Scan audit_events_rest_outbox_id_index_idx',
  'outbox-claim': 'Delete outbox, Index Scan outbox_pkey',
};
