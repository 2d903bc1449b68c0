/** The actions of the user, which the components call. */
import type { Accepted, CommandRequest } from '../../../../../shared/web-api/command.ts';
import type { Credentials, Session } from '../../../../../shared/web-api/session.ts';
import type { Http } from '../api/http.ts';
import type { Clock } from './clock.ts';
import { Commands } from './commands.ts';
import { createLoader, type Loader } from './loader.ts';
import { PageSession } from './page-session.ts';
import type { Result } from './result.ts';
import type { Router } from './router.ts';
import type { Store } from './store.ts';
import { createToaster, type Toaster } from './toaster.ts';
import type { Writes } from './writes.ts';

export type Actions = Toaster &
  Loader & {
    readonly start: () => Promise<void>;
    readonly signIn: (credentials: Credentials) => Promise<Result<Session>>;
    readonly signUp: (credentials: Credentials) => Promise<Result<Session>>;
    readonly signOut: () => Promise<void>;
    /** Reloads the session, because the server answered that the user is signed out. */
    readonly signedOut: () => void;
    /** Sends a command that has no form. A toast shows its outcome. */
    readonly command: (request: CommandRequest) => Promise<Result<Accepted>>;
    /** Sends a command of a form, which shows its refusal itself. */
    readonly submit: (request: CommandRequest) => Promise<Result<Accepted>>;
    readonly changePassword: (current: string, next: string) => Promise<Result<undefined>>;
    /** Subscribes to the quotes of these symbols instead of the former ones. */
    readonly follow: (symbols: readonly string[]) => void;
  };

type Dependencies = {
  readonly store: Store;
  readonly http: Http;
  readonly writes: Writes;
  readonly router: Router;
  readonly clock: Clock;
};

export function createActions({ store, http, writes, router, clock }: Dependencies): Actions {
  const toaster = createToaster(store);
  const loader = createLoader(store, http);
  const commands = new Commands({ store, writes, loader, toaster });
  const session = new PageSession({ store, http, router, clock, commands, loader, toaster });
  return {
    ...toaster,
    ...loader,
    start: () => session.start(),
    signIn: (credentials) => session.begin('/session', credentials),
    signUp: (credentials) => session.begin('/users', credentials),
    signOut: () => session.signOut(),
    signedOut: () => session.checkSignedOut(),
    command: (request) => commands.send(request),
    submit: (request) => commands.submit(request),
    changePassword: (current, next) => session.changePassword(current, next),
    follow: (symbols) => session.follow(symbols),
  };
}
