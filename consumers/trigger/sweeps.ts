/** Searches for triggers that no changed quote reached, and asks for quotes of symbols that have gone stale. */
import type { UserFiring } from '../../shared/messages/command-message.ts';
import { staleSymbols, triggersMetByLatest } from '../../shared/pg/armed-triggers.ts';
import type { Service } from '../../shared/service/service.ts';
import { askQuotes } from './send.ts';

/** How often the sweep compares armed triggers with the stored quotes; it costs no hit. */
const COMPARE_MS = 5_000;
/** How long after a round was due the watchdog takes its task to hang. */
const LATE_MAX_MS = 60_000;
/** The most firings of one sweep; the next sweep sends the rest. */
const FIRINGS_MAX = 10_000;

/**
 * Starts to send the firings that stored quotes meet. If the settings ask for it, also starts to request
 * the quotes of armed triggers when they are stale, each of which costs a hit.
 */
export function startSweeps(
  { config, pool, publisher, publishing, probe, schedule }: Service,
  fire: (firings: readonly UserFiring[]) => Promise<void>,
): void {
  const { quoteLifetimeMs, triggerRefreshMs = 0 } = config;
  /** A task may also wait for a broker that takes no messages. */
  const probeBoth = async (): Promise<void> => {
    if (!publishing.takesPublishing()) throw new Error('the broker takes no messages');
    await probe();
  };
  const every = (everyMs: number, name: string, run: () => Promise<void>): void =>
    schedule({ name, everyMs, silentMaxMs: everyMs + LATE_MAX_MS, probe: probeBoth, run });

  every(COMPARE_MS, 'trigger sweep', async () =>
    fire(await triggersMetByLatest(pool, { quoteLifetimeMs, most: FIRINGS_MAX })),
  );
  if (triggerRefreshMs > 0) {
    every(triggerRefreshMs, 'quote refresh', async () =>
      askQuotes(publisher, await staleSymbols(pool, quoteLifetimeMs)),
    );
  }
}
