/** Who a process is to the broker and to the database. */

export const ROLES = [
  'transaction',
  'quote',
  'trigger',
  'audit',
  'intake',
  'web',
  /** The commands that run and send workloads. */
  'producer',
  /** Looks at everything and changes nothing: `verify`, `status`. */
  'reader',
  /** A person at the management UI. */
  'operator',
] as const;

export type Role = (typeof ROLES)[number];
