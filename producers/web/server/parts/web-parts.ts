/** The dependencies of the routes, made once per process. */
import type { CommandDesk } from '../../../../shared/amqp/command-desk.ts';
import type { Link } from '../../../../shared/amqp/link.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import type { Trouble } from '../../../../shared/runtime/trouble.ts';
import type { ProcessEntry } from '../../../../shared/web-api/admin.ts';
import type { OperationsView } from '../../../../shared/web-api/operations.ts';
import type { AnswerMeter } from './answer-meter.ts';
import type { Downloads } from './downloads.ts';
import type { EventHub } from './event-hub.ts';
import type { Passwords } from './passwords.ts';
import type { SignInPace } from './sign-in-pace.ts';
import type { ReadPastPortfolio, ReadPortfolio } from './portfolio-reader.ts';

export type WebParts = {
  readonly pool: Pool;
  /** Connections for reading pages of logs, so that downloads do not make other requests wait. */
  readonly logPool: Pool;
  readonly downloads: Downloads;
  readonly desk: CommandDesk;
  readonly answers: AnswerMeter;
  readonly hub: EventHub;
  /** The name of the cookie that holds a session. */
  readonly sessionCookie: string;
  readonly passwords: Passwords;
  readonly signInPace: SignInPace;
  readonly readPortfolio: ReadPortfolio;
  readonly readPastPortfolio: ReadPastPortfolio;
  /** The link for publishing, and for listing and replaying parked messages. */
  readonly broker: Link;
  readonly shardCount: number;
  /** The management API with its credentials in the URL; undefined if it is not configured. */
  readonly management: { readonly url: string; readonly virtualHost: string } | undefined;
  readonly orderLifetimeMs: number;
  readonly quoteLifetimeMs: number;
  readonly pageRefreshMs: number;
  readonly showsCosts: boolean;
  /** Loads the processes of the system on this machine; undefined if there is no supervisor. */
  readonly loadProcesses: () => Promise<readonly ProcessEntry[] | undefined>;
  /** Loads the figures after an instant, in Unix ms; undefined if there is no supervisor. */
  readonly loadOperations: (after: number) => Promise<OperationsView | undefined>;
  /** Returns the troubles of the system that the supervisor reported last. */
  readonly troubles: () => readonly Trouble[];
  /** The folder of the built client. */
  readonly clientFolder: string;
  readonly log: Logger;
};
