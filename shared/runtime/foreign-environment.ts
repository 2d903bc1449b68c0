/**
 * Removes variables of other programs that would change this one. It does so on import, before a driver
 * reads them, and also for child processes. Our own variables say everything about a connection.
 */

/** The variables of libpq, such as `PGSSLMODE`, `PGHOST` and `PGOPTIONS`. The driver reads them too. */
const LIBPQ = /^PG[A-Z0-9]+$/;

const OF_NODE: ReadonlySet<string> = new Set([
  // Meant for the program that the user started: a debugger's port or a relative path fits no other.
  'NODE_OPTIONS',
  // Would make the driver load a package that is not installed.
  'NODE_PG_FORCE_NATIVE',
  // Would turn off the verification of certificates.
  'NODE_TLS_REJECT_UNAUTHORIZED',
]);

/** Whether a variable of that name is removed. */
export const isForeign = (name: string): boolean => LIBPQ.test(name) || OF_NODE.has(name);

for (const name of Object.keys(process.env).filter(isForeign))
  Reflect.deleteProperty(process.env, name);
