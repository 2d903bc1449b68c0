/** The system's Chromium, where there is one: tests that need it are skipped by name without. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const findChromium = (): string | undefined => PLACES.find((path) => existsSync(path));

/** Ends the process where there is none: pictures cannot be taken without. */
export function needChromium(): string {
  const executable = findChromium();
  if (executable !== undefined) return executable;
  console.error('Chromium is needed for screenshots.\nInstall it: apt-get install chromium');
  process.exit(78);
}

/** Nothing of its own makes for the network, and it needs no display. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Playwright gives it an empty user data folder, and removes that when it is closed. */
export const openBrowser = (
  executablePath: string,
  more: readonly string[] = [],
): Promise<Browser> => chromium.launch({ executablePath, args: [...ARGUMENTS, ...more] });

/** Longer than any step takes on a busy machine; a failure names the step that was waited for. */
const STEP_MAX_MS = 60_000;

export type Watched = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: an error, or something that the policy refused. */
  readonly complaints: readonly string[];
};

type WatchOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** The language of the browser, such as `de-DE`. */
  readonly locale?: string;
};

/** The browser's own word for an answer that says no, and for a network that is away. */
const EXPECTED = 'Failed to load resource: ';

export async function openPage(
  browser: Browser,
  { width = 1280, height = 900, colorScheme = 'light', locale = 'en-US' }: WatchOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    // The certificate is of an authority made here, which this browser does not know.
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    colorScheme,
    locale,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(STEP_MAX_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith(EXPECTED)) {
      complaints.push(message.text());
    }
  });
  return { context, page, complaints };
}
