/** Files of PostgreSQL, which does not run as root. */
import { chownSync } from 'node:fs';
import type { Owner } from '../postgres-data.ts';

/** Gives it to the user that PostgreSQL runs as. */
export function own(path: string, { owner }: { readonly owner: Owner }): void {
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid);
}
