/** One command that needed a quote; the price is null where there was none to be had. */
export interface QuoteNeed {
  readonly symbol: string;
  readonly number: number;
  readonly instant: number;
  readonly price: bigint | null;
}

/** Which commands needed a quote, and how many hits that should have cost. */
export class QuoteNeeds {
  readonly all: QuoteNeed[] = [];

  /** The symbols that some command really needed: no other may be hit for a command's sake. */
  symbols(): ReadonlySet<string> {
    return new Set(this.all.map(({ symbol }) => symbol));
  }

  /** How many commands used a quote of each symbol: each caused a hit or has a systemEvent. */
  uses(): ReadonlyMap<string, number> {
    return countBySymbol(this.all.filter(({ price }) => price !== null));
  }

  /**
   * The hits to expect: one, and one more whenever a need comes after the lifetime of the last.
   * Right as far as the instants given to the model are those of the hits.
   */
  hits(quoteLifetimeMs: number): ReadonlyMap<string, number> {
    const freshUntil = new Map<string, number>();
    return countBySymbol(
      this.all.filter(({ symbol, instant, price }) => {
        if (price === null || instant < (freshUntil.get(symbol) ?? -Infinity)) return false;
        freshUntil.set(symbol, instant + quoteLifetimeMs);
        return true;
      }),
    );
  }
}

function countBySymbol(needs: readonly QuoteNeed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { symbol } of needs) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return counts;
}
