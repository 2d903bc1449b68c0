/** Every bound of the web server, in one place. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A command is decided within this, or rejected as too late: SPEC §3.3. */
export const DEADLINE_MS: number = 10 * SECOND;
/** Its answer may need a little longer than its decision. */
export const ANSWER_MAX_MS: number = DEADLINE_MS + 500;
/** Commands of one process that are not answered yet; beyond it they are refused at once. */
export const UNANSWERED_MAX = 2_000;

export const BODY_BYTES_MAX: number = 16 * 1_024;
export const SYMBOLS_MAX = 100;

/** A session ends in any case, and where it was not used for so long. */
export const SESSION_LIFETIME_MS: number = 12 * HOUR;
export const SESSION_IDLE_MS: number = HOUR;
/** Uses are noted no more often than this. */
export const TOUCH_EVERY_MS: number = MINUTE;
export const TOKENS_MAX = 20;

/** Failed sign-ins within this time count. */
export const FAILURES_WINDOW_MS: number = 15 * MINUTE;
/** Failures that slow nobody down: of one name from one network, of one name, from one network. */
export const FAILURES_HERE_FREE = 10;
export const FAILURES_OF_USER_FREE = 100;
export const FAILURES_OF_NETWORK_FREE = 50;
/**
 * How far apart attempts start once the free ones are used up: this, times failures by free ones. At
 * one name from one network about 95 guesses fit into the window, at one name 300.
 */
export const SIGN_IN_APART_MS: number = SECOND;
export const SIGN_IN_APART_MAX_MS: number = 10 * SECOND;
/** Below the 15 s after which the page gives up. */
export const SIGN_IN_WAIT_MAX_MS: number = 10 * SECOND;

/** Passwords hashed at once in a process: each takes 19 MiB and a thread for tens of milliseconds. */
export const HASHES_AT_ONCE = 2;
/** Those that wait for their turn; beyond it sign-ins are refused for now. */
export const HASHES_WAITING_MAX = 32;

/** Requests a minute and process. Without a good session or token, by network. */
export const STRANGER_REQUESTS_PER_MINUTE = 600;
/** By account, whatever sessions and tokens it has. */
export const REQUESTS_PER_MINUTE = 3_000;
export const TOKEN_REQUESTS_PER_MINUTE = 3_000;
export const COMMANDS_PER_MINUTE = 1_200;
/** Names that somebody may sign up for from one network. */
export const SIGN_UPS_PER_MINUTE = 30;
/** Sessions and tokens that a process remembers to be good: their first request counts for its network. */
export const KNOWN_CREDENTIALS_MAX = 20_000;
/** Refusals (403) that the security log has of one user or network. */
export const REFUSALS_LOGGED_PER_MINUTE = 30;

/** Open event streams of one user, and of a process. */
export const STREAMS_OF_USER_MAX = 8;
export const STREAMS_MAX = 2_000;
/** A listener that takes nothing is closed; it comes back by itself and is told what it missed. */
export const STREAM_BUFFER_BYTES_MAX: number = 512 * 1_024;
export const EVENTS_EVERY_MS = 400;
export const STREAM_PING_EVERY_MS: number = 15 * SECOND;
/** Ledger entries that were missed and are told again; with more, the listener reads anew. */
export const MISSED_ENTRIES_MAX = 200;

/** Rows of a CSV file. */
export const CSV_ROWS_MAX = 100_000;
/** Connections that read pages of logs, for all downloads together: a page takes milliseconds. */
export const LOG_CONNECTIONS = 2;
/** Downloads at once in a process: each holds a page of the log, about 1 MB. */
export const DOWNLOADS_MAX = 32;
/** Of one account, so that nobody takes all the places. */
export const DOWNLOADS_OF_USER_MAX = 4;
/** A reader who takes no chunk for so long (less than 2 KB a second) is cut off. */
export const DOWNLOAD_STALLED_MS: number = 30 * SECOND;
export const DOWNLOAD_CHUNK_CHARS: number = 64 * 1_024;
/** In all: 600 MB, the log of two million events, at 3 Mbit/s. */
export const DOWNLOAD_MAX_MS: number = 30 * MINUTE;
/** How long a log waits for the audit consumers. */
export const LOG_SETTLED_MAX_MS: number = 10 * SECOND;

/** Users whose ledgers a process remembers the sums of. */
export const LEDGER_BOOKS_MAX = 2_000;
export const LEDGER_ROWS_AT_ONCE = 5_000;

export const PARKED_MAX = 100;
export const MANAGEMENT_TIMEOUT_MS: number = 3 * SECOND;
export const FORGET_EVERY_MS: number = 10 * MINUTE;
export const REQUEST_MAX_MS: number = 15 * SECOND;
export const KEEP_ALIVE_MS: number = 65 * SECOND;
/** Requests in progress on one HTTP/2 connection: what RFC 9113 recommends as the least. */
export const REQUESTS_AT_ONCE_MAX = 100;
/** A stopping process lets requests in progress finish; the process itself has 10 s to stop. */
export const DRAIN_MAX_MS: number = 8 * SECOND;
/** The last bytes of an answer are sent within this, or the connection is cut. */
export const FLUSH_MAX_MS: number = 0.5 * SECOND;
/** What one hit on the legacy server costs: SPEC §4.1. */
export const CENTS_PER_HIT = 5;
