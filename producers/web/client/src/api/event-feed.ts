/** The user's events as a tab gets them: read from the server by itself, or passed on by another tab. */
import type { ServerEventName } from '../../../../../shared/web-api/events.ts';

export type FeedState = 'connecting' | 'live' | 'lost' | 'signed-out';

export type FeedEvent = {
  readonly name: ServerEventName;
  readonly data: unknown;
  /** Of a ledger entry: events resume after it. */
  readonly id: string | undefined;
};

export type FeedHandlers = {
  readonly onEvent: (event: FeedEvent) => void;
  readonly onState: (state: FeedState) => void;
};

export interface EventFeed {
  /** Quotes of these come too. */
  follow(symbols: readonly string[]): void;
  /** The connection may be dead: the device slept. */
  reconnect(): void;
  close(): void;
}
