/**
 * Prints the troubles that keep a system from working while a command waits for it, and when each
 * is over.
 */
import { renderTrouble, type Trouble } from '../../shared/runtime/trouble.ts';
import type { UsedSystem } from '../supervisor/use-system.ts';

type TroublePrinter = {
  /** The first of the current troubles. */
  readonly present: () => Trouble | undefined;
  readonly stop: () => void;
};

const ASK_EVERY_MS = 1_000;

/** Prints the current troubles, then each change, once a second until `stop`. */
export function printTroubles(
  { info, refresh }: Pick<UsedSystem, 'info' | 'refresh'>,
  say: (line: string) => void,
): TroublePrinter {
  let known: readonly Trouble[] = [];
  const learn = (troubles: readonly Trouble[]): void => {
    const isKnown = (trouble: Trouble, among: readonly Trouble[]): boolean =>
      among.some(({ service, kind }) => service === trouble.service && kind === trouble.kind);
    for (const trouble of troubles) {
      if (!isKnown(trouble, known)) say(`\n${renderTrouble(trouble)}`);
    }
    for (const trouble of known) {
      if (!isKnown(trouble, troubles)) say(`\nOver since now: ${trouble.what}`);
    }
    known = troubles;
  };
  learn(info.troubles);
  const timer = setInterval(() => {
    refresh().then(
      ({ troubles }) => learn(troubles),
      // Prints nothing if the system does not answer: other code reports that.
      () => undefined,
    );
  }, ASK_EVERY_MS);
  return { present: () => known[0], stop: () => clearInterval(timer) };
}
