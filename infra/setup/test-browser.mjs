// Chromium for the browser tests, which are skipped where it cannot be had.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './root.mjs';

/** Installs it where it is missing and may be; says so where not. */
export async function provideBrowser() {
  const { findChromium } = await load('tests/browser/chromium.js');
  if (findChromium() !== undefined) return;
  const { installPackages } = await load('infra/services/debian.js');
  const home = mkdtempSync(join(tmpdir(), 'daytrade-chromium-'));
  try {
    await installPackages({
      // Without a font it would show, and measure, boxes.
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
