/** The roles in which processes and people sign in to the broker and the database. */

export const ROLES = [
  'transaction',
  'quote',
  'trigger',
  'audit',
  'intake',
  'web',
  /** The commands that run and send workloads. */
  'producer',
  /** Reads everything and changes nothing: `verify`, `status`. */
  'reader',
  /** A person at the management UI. */
  'operator',
] as const;

export type Role = (typeof ROLES)[number];
