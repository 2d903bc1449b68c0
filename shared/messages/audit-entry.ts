/** An entry of the audit log, sent as a row in the text format of PostgreSQL's COPY. Source: SPEC §5. */
import type { CommandName } from '../domain/command-catalogue.ts';
import type { Cents } from '../domain/money.ts';

export const AUDIT_KINDS = [
  'userCommand',
  'quoteServer',
  'accountTransaction',
  'systemEvent',
  'errorEvent',
  'debugEvent',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Fields that do not apply are absent. `user`, `stream` and `position` identify the command. */
export type AuditEntry = {
  readonly kind: AuditKind;
  /** Unix milliseconds, the database's time. */
  readonly at: number;
  /** The name of the process that made the entry. */
  readonly server: string;
  readonly number: number;
  /** The user whose log the entry belongs to; `$system` if it has no user. */
  readonly user: string;
  readonly stream?: string | undefined;
  readonly position?: number | undefined;
  readonly command?: CommandName | undefined;
  readonly symbol?: string | undefined;
  readonly file?: string | undefined;
  /** The funds, or the price in a `quoteServer`. */
  readonly funds?: Cents | undefined;
  readonly action?: 'add' | 'remove' | undefined;
  /** Present in an `errorEvent` and a `debugEvent` only. */
  readonly message?: string | undefined;
  readonly quoteServerTime?: number | undefined;
  readonly cryptokey?: string | undefined;
};

/** The columns of `audit_events` in the order in which an entry's row gives them. */
export const AUDIT_COLUMNS = [
  'outbox_id',
  'index',
  'at',
  'kind',
  'server',
  'number',
  'user_id',
  'stream',
  'position',
  'command',
  'symbol',
  'file',
  'funds',
  'action',
  'message',
  'quote_server_time',
  'cryptokey',
] as const;

export const AUDIT_MESSAGE_TYPE = 'audit-rows.v1';

const NULL = '\\N';

/** Characters that are special to COPY, and NUL, which PostgreSQL cannot store. Only free text has them. */
const NEEDS_ESCAPE = /[\\\t\n\r\0]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\uFFFD',
};
const ESCAPED = /[\\\t\n\r\0]/g;

function text(value: string | undefined): string {
  if (value === undefined) return NULL;
  if (!NEEDS_ESCAPE.test(value)) return value;
  return value.replace(ESCAPED, (character) => ESCAPES[character] ?? character);
}

const orNull = (value: number | bigint | string | undefined): number | bigint | string =>
  value ?? NULL;

/** Renders one entry as a row with its line end. The fields are in the order of `AUDIT_COLUMNS`. */
function renderAuditRow(entry: AuditEntry, outboxId: string, index: number): string {
  const fields = [
    outboxId,
    index,
    entry.at,
    entry.kind,
    text(entry.server),
    entry.number,
    text(entry.user),
    text(entry.stream),
    orNull(entry.position),
    orNull(entry.command),
    orNull(entry.symbol),
    text(entry.file),
    orNull(entry.funds),
    orNull(entry.action),
    text(entry.message),
    orNull(entry.quoteServerTime),
    text(entry.cryptokey),
  ];
  return `${fields.join('\t')}\n`;
}

/** Renders the body of an audit message: the rows of its entries. It is committed once and never changes. */
export const renderAuditRows = (entries: readonly AuditEntry[], outboxId: string): string =>
  entries.map((entry, index) => renderAuditRow(entry, outboxId, index)).join('');
