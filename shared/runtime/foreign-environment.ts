/**
 * Removes variables that other programs own and that would change ours, on import: before a driver reads
 * them, and so that no process of ours inherits them. Our addresses say everything about a connection.
 */

/** `PGSSLMODE`, `PGHOST`, `PGOPTIONS` and the rest of libpq's; the driver reads them too. */
const LIBPQ = /^PG[A-Z0-9]+$/;

const OF_NODE: ReadonlySet<string> = new Set([
  // Made for the program that the user started: a debugger's port or a relative path serves no other.
  'NODE_OPTIONS',
  // Would have the driver load a package that is not installed.
  'NODE_PG_FORCE_NATIVE',
  // Certificates are always verified.
  'NODE_TLS_REJECT_UNAUTHORIZED',
]);

export const isForeign = (name: string): boolean => LIBPQ.test(name) || OF_NODE.has(name);

for (const name of Object.keys(process.env).filter(isForeign))
  Reflect.deleteProperty(process.env, name);
