/** What the routes work with; made once a process. */
import type { Link } from '../../../shared/amqp/link.ts';
import type { Pool } from '../../../shared/pg/pool.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { Trouble } from '../../../shared/runtime/trouble.ts';
import type { ProcessEntry } from '../../../shared/web-api/admin.ts';
import type { CommandDesk } from './command-desk.ts';
import type { Downloads } from './downloads.ts';
import type { EventHub } from './event-hub.ts';
import type { Passwords } from './passwords.ts';
import type { SignInPace } from './sign-in-pace.ts';
import type { ReadPortfolio } from './portfolio-reader.ts';

export type WebParts = {
  readonly pool: Pool;
  /** Connections for reading pages of the log: a page is no request's turn to wait. */
  readonly logPool: Pool;
  readonly downloads: Downloads;
  readonly desk: CommandDesk;
  readonly hub: EventHub;
  /** The name of the cookie that holds a session. */
  readonly sessionCookie: string;
  readonly passwords: Passwords;
  readonly signInPace: SignInPace;
  readonly readPortfolio: ReadPortfolio;
  /** For looking at and replaying what is parked. */
  readonly broker: Link;
  readonly shardCount: number;
  /** With user, password and virtual host; undefined where there is none we know of. */
  readonly management: { readonly url: string; readonly virtualHost: string } | undefined;
  readonly orderLifetimeMs: number;
  readonly quoteLifetimeMs: number;
  /** The processes of the system on this machine; undefined where nobody supervises. */
  readonly loadProcesses: () => Promise<readonly ProcessEntry[] | undefined>;
  /** What keeps the system from its work, as the supervisor says. */
  readonly troubles: () => readonly Trouble[];
  /** Where the built client is. */
  readonly clientFolder: string;
  readonly log: Logger;
};
