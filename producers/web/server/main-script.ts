/** Identifies the served build of the client by its main script, whose name contains a hash. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the path of the main script in the page; null if the client is not built. */
export function findMainScript(clientFolder: string): string | null {
  const page = join(clientFolder, 'index.html');
  if (!existsSync(page)) return null;
  const [, script] =
    /<script type="module"[^>]* src="([^"]+)"/.exec(readFileSync(page, 'utf8')) ?? [];
  return script ?? null;
}
