/** The interface of a source of the user's events: a stream from the server, or one shared by all tabs. */
import type { ServerEventName } from '../../../../../shared/web-api/events.ts';

export type FeedState = 'connecting' | 'live' | 'lost' | 'signed-out';

export type FeedEvent = {
  readonly name: ServerEventName;
  readonly data: unknown;
  /** The id of a ledger entry, after which a stream can resume. */
  readonly id: string | undefined;
};

export type FeedHandlers = {
  readonly onEvent: (event: FeedEvent) => void;
  readonly onState: (state: FeedState) => void;
};

export interface EventFeed {
  /** Also requests the quotes of these symbols, instead of those of the last call. */
  follow(symbols: readonly string[]): void;
  /** Opens the connection anew, because it may be dead after the device slept. */
  reconnect(): void;
  close(): void;
}
