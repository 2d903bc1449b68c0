import type { AuditEntry } from './audit-entry.ts';
import type { AuditEvent } from './audit-xml.ts';
import type { Model } from './model.ts';
import type { QuoteNeed } from './quote-needs.ts';

const OFFENDERS_SHOWN = 10;
const FIELDS = ['command', 'username', 'stockSymbol', 'filename', 'funds', 'action'] as const;

/**
 * Compares a whole log with what the model says it must hold, but for times, servers and the order
 * between users; '' if the same, else the first offenders. Of a hit it is checked that the command
 * whose number it carries needed that very quote; how many there are is the caller's to check.
 */
export function sameAudit(events: readonly AuditEvent[], model: Model): string {
  const hits = events.filter(({ kind }) => kind === 'quoteServer');
  const caused = new Set(hits.map((hit) => needKey(Number(field(hit, 'transactionNum')), hit)));
  const expected = [...model.audit, ...usesOfOthersHits(model, caused)].map(expectedKey);
  const actual = events.filter(({ kind }) => kind !== 'quoteServer').map(actualKey);
  const offenders = [
    ...lacking(expected, actual).map((key) => `missing: ${key}`),
    ...lacking(actual, expected).map((key) => `not expected: ${key}`),
    ...hits.flatMap((hit) => strangeHit(hit, model)),
    ...unquoted(events, model.audit),
  ];
  const more = offenders.length - OFFENDERS_SHOWN;
  return [...offenders.slice(0, OFFENDERS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '\n',
  );
}

/** A command that used a quote whose hit it did not cause has a `systemEvent` (SPEC 5.2). */
function usesOfOthersHits(model: Model, caused: ReadonlySet<string>): readonly AuditEntry[] {
  const commands = commandsByNumber(model);
  return model.quotes.all.flatMap((need) => {
    const command = commands.get(need.number);
    if (need.price === null || command === undefined) return [];
    const key = JSON.stringify([need.number, need.symbol]);
    return caused.has(key) ? [] : [{ ...command, kind: 'systemEvent' } as const];
  });
}

type UserCommandEntry = Extract<AuditEntry, { readonly kind: 'userCommand' }>;

function commandsByNumber({ audit }: Model): ReadonlyMap<number, UserCommandEntry> {
  const commands = audit.filter((entry) => entry.kind === 'userCommand');
  return new Map(commands.map((entry) => [entry.transactionNum, entry]));
}

function needKey(number: number, hit: AuditEvent): string {
  return JSON.stringify([number, field(hit, 'stockSymbol')]);
}

function strangeHit(hit: AuditEvent, model: Model): readonly string[] {
  const number = Number(field(hit, 'transactionNum'));
  const symbol = field(hit, 'stockSymbol');
  const isNeeded = ({ number: by, symbol: of }: QuoteNeed): boolean =>
    by === number && of === symbol;
  if (!model.quotes.all.some(isNeeded)) return [`a hit nobody needed: ${number} ${symbol ?? ''}`];
  const user = commandsByNumber(model).get(number)?.username;
  return user === field(hit, 'username')
    ? []
    : [`the hit ${number} is not in the name of ${user ?? ''}`];
}

/** A field that is not valid stands in its error message (SPEC 5.1). */
function unquoted(events: readonly AuditEvent[], audit: readonly AuditEntry[]): readonly string[] {
  const errors = events.filter(({ kind }) => kind === 'errorEvent');
  const messages = new Map(
    errors.map((event) => [Number(field(event, 'transactionNum')), field(event, 'errorMessage')]),
  );
  return audit.flatMap((entry) => {
    if (entry.kind !== 'errorEvent') return [];
    const message = messages.get(entry.transactionNum) ?? '';
    const missing = entry.quoted.filter((text) => !message.includes(text));
    return missing.map((text) => `${entry.transactionNum}: the message does not quote ${text}`);
  });
}

function expectedKey(entry: AuditEntry): string {
  const named = new Map<string, unknown>(Object.entries(entry));
  const code = entry.kind === 'errorEvent' ? entry.code : null;
  const fields = FIELDS.map((name) => named.get(name) ?? null);
  return JSON.stringify([entry.kind, entry.transactionNum, ...fields, code]);
}

/** An error message begins with the code of the rejection. */
function actualKey(event: AuditEvent): string {
  const [code = ''] = field(event, 'errorMessage')?.split(':') ?? [];
  const fields = FIELDS.map((name) => field(event, name) ?? null);
  return JSON.stringify([
    event.kind,
    Number(field(event, 'transactionNum')),
    ...fields,
    event.kind === 'errorEvent' ? code : null,
  ]);
}

function field(event: AuditEvent, name: string): string | undefined {
  return event.fields.get(name);
}

/** What the first list has more often than the second. */
function lacking(wanted: readonly string[], there: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const key of there) left.set(key, (left.get(key) ?? 0) + 1);
  return wanted.filter((key) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}
