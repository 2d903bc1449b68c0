/** Starts the quote server that stands in for the legacy one. */
import { deferred } from '../../shared/runtime/deferred.ts';
import type { Child, StartChild } from './child.ts';

/**
 * Starts the quote server, which reports its port when it is ready. A restart uses the same port.
 */
export async function startQuoteServer(
  start: StartChild,
  quoteServerFlags: readonly string[],
): Promise<{ readonly child: Child; readonly address: string }> {
  const told = deferred<number>();
  let flags = quoteServerFlags;
  const child = start({
    name: 'quote-server',
    folder: 'infra/quote-server',
    args: () => flags,
    onMessage: (message) => {
      const { type, port } = message as { type: string; port?: number };
      if (type === 'ready' && port !== undefined) told.resolve(port);
    },
  });
  // If the quote server cannot start, this rejects with the reason.
  const port = await Promise.race([told.promise, child.ready().then(() => told.promise)]);
  flags = [...quoteServerFlags, '--port', port.toString()];
  return { child, address: `127.0.0.1:${port}` };
}
