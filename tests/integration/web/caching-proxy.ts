/** A shared cache as greedy as RFC 9111 allows one to be, and a little more: it ignores cookies. */
import { openVisitor } from './visitor.ts';
import type { WebSystem } from './web-system.ts';

export type CachingProxy = {
  /** The body, out of the cache where it has one. */
  readonly get: (path: string, cookie: string) => Promise<string>;
  /** The paths of what it keeps. */
  readonly stored: () => readonly string[];
};

/** Those that a cache may keep by itself where the answer does not say. */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414]);

export function openCachingProxy({
  port,
  authority,
}: Pick<WebSystem, 'port' | 'authority'>): CachingProxy {
  const kept = new Map<string, string>();
  return {
    get: async (path, cookie) => {
      const found = kept.get(path);
      if (found !== undefined) return found;
      const visitor = openVisitor({ port, authority });
      visitor.cookie = cookie;
      const { status, headers, text } = await visitor.ask(path, {
        headers: { accept: 'text/html' },
      });
      if (mayKeep(status, headers['cache-control'])) kept.set(path, text);
      return text;
    },
    stored: () => [...kept.keys()],
  };
}

/** `no-cache` may be stored, but must be asked again each time: that is not kept here. */
function mayKeep(status: number, cacheControl = ''): boolean {
  const says = new Set(cacheControl.split(',').map((part) => part.trim().split('=')[0]));
  if (['no-store', 'private', 'no-cache'].some((word) => says.has(word))) return false;
  return says.has('max-age') || says.has('s-maxage') || HEURISTIC.has(status);
}
