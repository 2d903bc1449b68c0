/** All bounds of the web server. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The deadline of a command: if it is decided later, it is rejected as too late (SPEC §3.3). */
export const DEADLINE_MS: number = 10 * SECOND;
/** The longest wait for an answer, which comes a little after the decision. */
export const ANSWER_MAX_MS: number = DEADLINE_MS + 500;
/** The most unanswered commands of a process; it refuses more at once. */
export const UNANSWERED_MAX = 2_000;

/** The most sessions that one query looks up, and the most idempotency keys that one commit claims. */
export const TOGETHER_MAX = 200;

export const BODY_BYTES_MAX: number = 16 * 1_024;
export const SYMBOLS_MAX = 100;

/** The longest life of a session, and the longest time without a request. */
export const SESSION_LIFETIME_MS: number = 12 * HOUR;
export const SESSION_IDLE_MS: number = HOUR;
/** The last use of a session or token is recorded at most this often. */
export const TOUCH_EVERY_MS: number = MINUTE;
export const TOKENS_MAX = 20;
/** The most stocks on a user's watchlist. */
export const WATCHES_MAX = 50;

/** Failed sign-ins count for this long. */
export const FAILURES_WINDOW_MS: number = 15 * MINUTE;
/** Failures without a delay: of one name from one network, of one name, and from one network. */
export const FAILURES_HERE_FREE = 10;
export const FAILURES_OF_USER_FREE = 100;
export const FAILURES_OF_NETWORK_FREE = 50;
/**
 * The time between attempts once the free failures are used up: this, times failures, divided by free
 * failures. About 95 guesses of one name from one network fit into the window, and 300 of one name.
 */
export const SIGN_IN_APART_MS: number = SECOND;
export const SIGN_IN_APART_MAX_MS: number = 10 * SECOND;
/** The longest wait of an attempt, less than the 15 s after which the client gives up. */
export const SIGN_IN_WAIT_MAX_MS: number = 10 * SECOND;

/** The most passwords that a process hashes at once: each takes 19 MiB, and a thread for tens of ms. */
export const HASHES_AT_ONCE = 2;
/** The most passwords that wait for their turn; with more, sign-ins are refused for now. */
export const HASHES_WAITING_MAX = 32;

/** The requests per minute and process of one network without a valid session or token. */
export const STRANGER_REQUESTS_PER_MINUTE = 600;
/** The requests per minute and process of one account, over all its sessions and tokens. */
export const REQUESTS_PER_MINUTE = 3_000;
export const TOKEN_REQUESTS_PER_MINUTE = 3_000;
export const COMMANDS_PER_MINUTE = 1_200;
/** The sign-ups per minute and process from one network. */
export const SIGN_UPS_PER_MINUTE = 30;
/** The valid sessions and tokens that a process remembers, whose requests do not count for a network. */
export const KNOWN_CREDENTIALS_MAX = 20_000;
/** While the database is away, only administrators are known who were looked up this shortly before. */
export const LAST_LOOK_UP_MAX_MS: number = MINUTE;
export const ADMINISTRATORS_REMEMBERED_MAX = 1_000;
/** The refusals (403) per minute of one user or network that go into the security log. */
export const REFUSALS_LOGGED_PER_MINUTE = 30;

/** The most open event streams of one user, and of a process. */
export const STREAMS_OF_USER_MAX = 8;
export const STREAMS_MAX = 2_000;
/** A stream with more unread bytes is closed; the client reconnects and gets what it missed. */
export const STREAM_BUFFER_BYTES_MAX: number = 512 * 1_024;
export const EVENTS_EVERY_MS = 400;
export const STREAM_PING_EVERY_MS: number = 15 * SECOND;
/** The most missed ledger entries that a client gets again; with more, it must reload the history. */
export const MISSED_ENTRIES_MAX = 200;

/** The most rows of a CSV file. */
export const CSV_ROWS_MAX = 100_000;
/** The database connections for pages of logs, shared by all downloads: a page takes milliseconds. */
export const LOG_CONNECTIONS = 2;
/** The most downloads at once in a process: each holds a page of the log in memory, about 1 MB. */
export const DOWNLOADS_MAX = 32;
/** The most downloads at once of one account, so that one account cannot use all of them. */
export const DOWNLOADS_OF_USER_MAX = 4;
/** A download of which no chunk is read for this long (less than 2 KB a second) is aborted. */
export const DOWNLOAD_STALLED_MS: number = 30 * SECOND;
export const DOWNLOAD_CHUNK_CHARS: number = 64 * 1_024;
/** The longest download: enough for 600 MB, the log of two million events, at 3 Mbit/s. */
export const DOWNLOAD_MAX_MS: number = 30 * MINUTE;
/** The longest wait of a download until the audit log has caught up. */
export const LOG_SETTLED_MAX_MS: number = 10 * SECOND;

/** The most users whose ledger sums a process caches. */
export const LEDGER_BOOKS_MAX = 2_000;
export const LEDGER_ROWS_AT_ONCE = 5_000;
/** The most earlier sums of one ledger that it caches with them. */
export const LEDGER_MARKS_MAX = 64;

export const PARKED_MAX = 100;
export const MANAGEMENT_TIMEOUT_MS: number = 3 * SECOND;
export const FORGET_EVERY_MS: number = 10 * MINUTE;
export const REQUEST_MAX_MS: number = 15 * SECOND;
export const KEEP_ALIVE_MS: number = 65 * SECOND;
/** The most requests in progress on one HTTP/2 connection: the minimum that RFC 9113 recommends. */
export const REQUESTS_AT_ONCE_MAX = 100;
/** The longest wait for requests in progress on a stop; the process has 10 s to stop in all. */
export const DRAIN_MAX_MS: number = 8 * SECOND;
/** The longest wait for the last bytes of answers on a stop; then connections are cut. */
export const FLUSH_MAX_MS: number = 0.5 * SECOND;
