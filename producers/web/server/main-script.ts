/** Which build of the client is served: its main script is named by its content. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Its path, as the page names it; null where the client is not built. */
export function findMainScript(clientFolder: string): string | null {
  const page = join(clientFolder, 'index.html');
  if (!existsSync(page)) return null;
  const [, script] =
    /<script type="module"[^>]* src="([^"]+)"/.exec(readFileSync(page, 'utf8')) ?? [];
  return script ?? null;
}
