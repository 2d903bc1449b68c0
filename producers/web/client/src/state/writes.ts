/**
 * Sends each command under an idempotency key until its outcome is known. The server executes a key once and
 * repeats its outcome, so sending again is safe. Open commands are kept in the session storage of the tab,
 * so that the same tab, and no other, resumes them after the page is reloaded.
 */
import type { CommandAnswer, CommandRequest } from '../../../../../shared/web-api/command.ts';
import type { Session } from '../../../../../shared/web-api/session.ts';
import type { Http } from '../api/http.ts';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { isOutcomeUnknown, retryDelayMs } from '../pure/retry.ts';
import type { Clock } from './clock.ts';
import type { OpenWrite, Store } from './store.ts';

/** After this the outcome is reported as unknown, and the user finds it in the history. */
const ASK_FOR_MS = 90_000;
const STORED_AS = 'daytrade.writes';

type ResumedWrite = {
  readonly request: CommandRequest;
  readonly answer: Promise<CommandAnswer>;
};

export type Writes = {
  readonly send: (request: CommandRequest) => Promise<CommandAnswer>;
  /** Resumes the commands of the user that were open when the page was reloaded. */
  readonly resume: () => readonly ResumedWrite[];
};

type Dependencies = { readonly store: Store; readonly http: Http; readonly clock: Clock };

export function createWrites({ store, http, clock }: Dependencies): Writes {
  /** The keys that this page is sending. */
  const running = new Set<string>();

  /** Returns whether a command is too old: a trade from before the device slept must not run when it wakes. */
  const isTooLate = async ({ startedAt }: OpenWrite): Promise<boolean> => {
    if (clock.isDoubtful()) await clock.measure(() => http.get<Session>('/session'));
    return clock.read() > startedAt + ASK_FOR_MS;
  };
  const untilKnown = async (write: OpenWrite): Promise<CommandAnswer> => {
    for (let tries = 0; ; tries += 1) {
      keepWrites(store, [...otherWrites(store, write), { ...write, tries }]);
      try {
        if (await isTooLate(write)) throw new OutcomeUnknown();
        const { request, key } = write;
        return await http.send<CommandAnswer>('POST', '/commands', { body: request, key });
      } catch (error: unknown) {
        if (!isUnknown(error)) throw error;
        if (clock.read() > write.startedAt + ASK_FOR_MS) throw new OutcomeUnknown(error);
      }
      await pauseOrOnline(retryDelayMs(tries));
    }
  };
  const run = async (write: OpenWrite): Promise<CommandAnswer> => {
    running.add(write.key);
    try {
      return await untilKnown(write);
    } finally {
      running.delete(write.key);
      keepWrites(store, otherWrites(store, write));
    }
  };

  return {
    send: (request) =>
      run({
        key: crypto.randomUUID(),
        user: store.session.value?.user ?? '',
        request,
        startedAt: clock.read(),
        tries: 0,
      }),
    resume: () =>
      storedWrites()
        .filter(({ user, key }) => user === store.session.value?.user && !running.has(key))
        .map((write) => ({ request: write.request, answer: run(write) })),
  };
}

/** The server gave no outcome in time: it may or may not have executed the command. */
export class OutcomeUnknown extends Error {
  constructor(cause?: unknown) {
    super('no outcome in time', { cause });
    this.name = 'OutcomeUnknown';
  }
}

const isUnknown = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof ApiProblem && isOutcomeUnknown(error.status));

function keepWrites(store: Store, writes: readonly OpenWrite[]): void {
  store.writes.value = writes;
  sessionStorage.setItem(STORED_AS, JSON.stringify(writes));
}

const otherWrites = (store: Store, { key }: OpenWrite): readonly OpenWrite[] =>
  store.writes.value.filter((write) => write.key !== key);

function storedWrites(): readonly OpenWrite[] {
  const stored = sessionStorage.getItem(STORED_AS);
  return stored === null ? [] : (JSON.parse(stored) as readonly OpenWrite[]);
}

/** Waits; ends early when the browser is online again. */
async function pauseOrOnline(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
  });
}
