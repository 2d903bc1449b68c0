/** Runs the stand-in as a process: started by hand, or forked by the supervisor. */
import { ConfigError, UsageError } from '../../shared/runtime/errors.ts';
import { isQuoteFault } from './fault.ts';
import { parseQuoteServerFlags, quoteServerHelp } from './flags.ts';
import {
  openQuoteServer,
  QUOTE_SERVER_HOST,
  type QuoteServer,
  type QuoteServerOptions,
} from './open-quote-server.ts';

const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;
/** Node's longest timer, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

try {
  const options = parseQuoteServerFlags(process.argv.slice(2));
  if (options === 'help') process.stdout.write(quoteServerHelp());
  else runUntilTold(await open(options));
} catch (error: unknown) {
  process.exitCode = explain(error);
  if (process.connected) process.disconnect();
}

async function open(options: QuoteServerOptions): Promise<QuoteServer> {
  try {
    return await openQuoteServer(options);
  } catch (error: unknown) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const port = String(options.port ?? 0);
    const reason = isTaken ? 'is taken by another process' : 'cannot be opened';
    throw new ConfigError(`port ${port} of ${QUOTE_SERVER_HOST} ${reason}`, { cause: error });
  }
}

function runUntilTold(server: QuoteServer): void {
  // Keeps the process alive while the fault `refuse` leaves it without a listening socket.
  const staying = setInterval(() => undefined, LONGEST_MS);
  const stop = (): void => {
    clearInterval(staying);
    void server.close().finally(() => process.exit());
  };
  process.on('SIGTERM', stop);
  if (process.send === undefined) runByHand(server, stop);
  else obeyParent(server, stop);
}

function runByHand(server: QuoteServer, stop: () => void): void {
  process.on('SIGINT', stop);
  process.stdout.write(`quote server listening on ${QUOTE_SERVER_HOST}:${server.port}\n`);
}

/**
 * Reports the port to the parent, accepts faults from it (`{type: 'fault', fault}`), and ends when
 * it disconnects. Ignores SIGINT: Ctrl-C reaches the whole foreground group, and the parent decides
 * when to stop. A quote server that ended before the consumers have drained would make them reject
 * commands.
 */
function obeyParent(server: QuoteServer, stop: () => void): void {
  process.on('SIGINT', () => undefined);
  process.on('disconnect', stop);
  process.on('message', (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('fault' in message)) return;
    void server.setFault(isQuoteFault(message.fault) ? message.fault : undefined);
  });
  process.send?.({ type: 'ready', port: server.port });
  setInterval(() => process.send?.({ type: 'heartbeat' }), 500).unref();
}

function explain(error: unknown): number {
  if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
  const hint = error instanceof UsageError ? '; see --help' : '; choose another with --port';
  process.stderr.write(`quote server: ${error.message}${hint}\n`);
  return error instanceof UsageError ? EXIT_USAGE : EXIT_CONFIG;
}
