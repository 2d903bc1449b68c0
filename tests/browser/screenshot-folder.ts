/** Where the pictures go, once a browser is there to take them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromUser } from '../../infra/cli/output.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { openTool, parseTool } from '../support/tool-command.ts';

type BrowserModule = { readonly provideBrowser: () => Promise<void> };

/** Reads the folder from the command line; a relative one counts from where the user stands. */
export async function screenshotFolder(
  tool: string,
  { description, standard }: { readonly description: string; readonly standard: string },
): Promise<string> {
  const command = parseTool(
    openTool(tool, description).argument('[folder]', 'where the pictures go', standard),
  );
  const { provideBrowser } = (await import(
    join(packageRoot, 'infra/setup/test-browser.mjs')
  )) as BrowserModule;
  await provideBrowser();
  const folder = fromUser(String(command.processedArgs[0]));
  mkdirSync(folder, { recursive: true });
  return folder;
}
