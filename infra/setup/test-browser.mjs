// Provides Chromium for the browser tests, which are skipped without it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './root.mjs';

/** Installs Chromium if it is missing; prints the reason if it cannot. */
export async function provideBrowser() {
  const { findChromium } = await load('tests/browser/chromium.js');
  if (findChromium() !== undefined) return;
  const { installPackages } = await load('infra/host/debian.js');
  const home = mkdtempSync(join(tmpdir(), 'daytrade-chromium-'));
  try {
    await installPackages({
      // Without a font, the browser would draw and measure boxes.
      packages: ['chromium', 'fonts-dejavu-core'],
      purpose: 'the browser tests',
      otherwise: 'these are skipped',
      home,
      say: (line) => console.log(line),
    });
  } catch (error) {
    console.log(error.lines?.join('\n') ?? error.message);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
