/** Starts a web process. */
import { virtualHostOf } from '../../../shared/amqp/broker-addresses.ts';
import { openCommandDesk } from '../../../shared/amqp/command-desk.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DONE } from '../../../shared/amqp/fate.ts';
import { quoteFeedQueue, QUOTES_CHANGED_EXCHANGE } from '../../../shared/messages/address.ts';
import { parseQuoteChanged } from '../../../shared/messages/quote-message.ts';
import { CONNECTIONS } from '../../../shared/pg/connection-budget.ts';
import { loadSystemId } from '../../../shared/pg/system-id.ts';
import { deleteExpiredAccess } from '../../../shared/pg/web-expired-access.ts';
import type { Config } from '../../../shared/runtime/config.ts';
import { ConfigError } from '../../../shared/runtime/errors.ts';
import type { ProcessContext } from '../../../shared/runtime/lifecycle.ts';
import { newId } from '../../../shared/runtime/new-id.ts';
import { buildRoot } from '../../../shared/runtime/package-root.ts';
import { SYSTEM_TIMERS } from '../../../shared/runtime/timers.ts';
import type { Trouble } from '../../../shared/runtime/trouble.ts';
import type { Serving } from '../../../shared/service/serve.ts';
import type { Service, ServiceSpec } from '../../../shared/service/service.ts';
import { openApp } from './app.ts';
import { openAnswerMeter } from './parts/answer-meter.ts';
import { Downloads } from './parts/downloads.ts';
import { openEventHub, type EventHub } from './parts/event-hub.ts';
import { FORGET_EVERY_MS, LOG_CONNECTIONS } from './parts/limits.ts';
import { findMainScript } from './main-script.ts';
import type { TlsFiles } from './http-server.ts';
import { openPasswords } from './parts/passwords.ts';
import { openPortfolioReader } from './parts/portfolio-reader.ts';
import { sessionCookieOf } from './access/session-cookie.ts';
import { openSignInPace } from './parts/sign-in-pace.ts';
import type { WebParts } from './parts/web-parts.ts';

export const WEB_SPEC: ServiceSpec = { connections: CONNECTIONS.web - LOG_CONNECTIONS };

/** Builds the parts of a web process and listens. Draining lets requests in progress finish. */
export async function startWeb(
  service: Service,
  supervisor: Pick<WebParts, 'loadProcesses' | 'loadOperations'>,
): Promise<Serving> {
  const { name, config, amqpUrl, pool, publishing, publisher, openOwnQueue, log } = service;
  const { orderLifetimeMs, shards: shardCount } = config;
  const tls = readTls(config);
  let troubles: readonly Trouble[] = [];
  const logPool = service.openPool('log', LOG_CONNECTIONS);
  const desk = await openCommandDesk({
    ...{ name, publisher, openOwnQueue, timers: SYSTEM_TIMERS, shardCount, log },
  });
  const { readPortfolio, readPastPortfolio } = openPortfolioReader(pool, orderLifetimeMs);
  const clientFolder = join(buildRoot, 'web-client');
  const page = findMainScript(clientFolder);
  const hub = openEventHub({ pool, readPortfolio, orderLifetimeMs, page, log });
  await followQuotes(service, hub);
  const app = await openApp(
    {
      pool,
      logPool,
      downloads: new Downloads(),
      desk,
      answers: openAnswerMeter(service.metrics),
      hub,
      sessionCookie: sessionCookieOf(await loadSystemId(pool)),
      passwords: await openPasswords(),
      signInPace: openSignInPace(),
      ...{ readPortfolio, readPastPortfolio },
      broker: publishing,
      shardCount,
      management: managementOf(config.amqpManagementUrl, amqpUrl),
      ...settingsOf(config),
      ...supervisor,
      troubles: () => troubles,
      clientFolder,
      log,
    },
    tls,
  );
  await app.listen({ host: config.bind, port: config.webPort ?? 0 });
  service.schedule({
    name: 'expiry',
    everyMs: FORGET_EVERY_MS,
    silentMaxMs: 2 * FORGET_EVERY_MS,
    run: () => deleteExpiredAccess(pool),
  });
  return {
    onTroubles: (found) => {
      troubles = found;
      hub.learnTroubles(found);
    },
    drain: async () => {
      await app.close();
      await desk.close();
    },
  };
}

const settingsOf = ({
  orderLifetimeMs,
  quoteLifetimeMs,
  pageRefreshMs,
  showsCosts,
}: Config): Pick<
  WebParts,
  'orderLifetimeMs' | 'quoteLifetimeMs' | 'pageRefreshMs' | 'showsCosts'
> => ({ orderLifetimeMs, quoteLifetimeMs, pageRefreshMs, showsCosts });

function readTls({ tlsCert, tlsKey }: ProcessContext['config']): TlsFiles {
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new ConfigError('TLS_CERT and TLS_KEY must be set for a web process of its own');
  }
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  } catch (cause) {
    throw new ConfigError(`cannot read TLS_CERT or TLS_KEY: ${String(cause)}`, { cause });
  }
}

/** Returns the management API with the virtual host, which is the same for all brokers of a cluster. */
function managementOf(
  url: string | undefined,
  amqpUrl: string,
): WebParts['management'] | undefined {
  return url === undefined ? undefined : { url, virtualHost: virtualHostOf(amqpUrl) };
}

/**
 * Passes changed quotes on to the hub, by an exclusive queue of this process. Quotes that come while the
 * link is down are missed; clients load the latest ones when they need them.
 */
async function followQuotes(
  { name, openOwnQueue }: Pick<Service, 'name' | 'openOwnQueue'>,
  hub: EventHub,
): Promise<void> {
  await openOwnQueue({
    newQueue: () => quoteFeedQueue(name, newId()),
    name: `${name}-quotes`,
    follows: QUOTES_CHANGED_EXCHANGE,
    // Not parked here: every process gets a copy, and the trigger consumer parks its own.
    parse: parseQuoteChanged,
    handle: (quote) => {
      hub.learn(quote);
      return DONE;
    },
  });
}
