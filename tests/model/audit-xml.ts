export const EVENT_KINDS = [
  'userCommand',
  'quoteServer',
  'accountTransaction',
  'systemEvent',
  'errorEvent',
  'debugEvent',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** An event of a dump: its fields by name, as text. */
export interface AuditEvent {
  readonly kind: EventKind;
  readonly fields: ReadonlyMap<string, string>;
}

const EVENT = new RegExp(`<(${EVENT_KINDS.join('|')})>(.*?)</\\1>`, 'gs');
const FIELD = /<([A-Za-z]+)>(.*?)<\/\1>/gs;
const FRAME = /<\?xml[^>]*\?>|<log\s*>|<\/log\s*>|<log\s*\/>|\s+/g;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/**
 * The events of a dump, one after the other, however its text is cut in pieces. Throws at anything
 * between events that does not belong there, and where the log is not closed.
 */
export async function* readAuditXml(
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<AuditEvent> {
  let rest = '';
  let closed = false;
  for await (const piece of pieces) {
    rest += piece;
    let from = 0;
    for (const match of rest.matchAll(EVENT)) {
      closed = expectFrame(rest.slice(from, match.index), closed);
      from = match.index + match[0].length;
      yield { kind: match[1] as EventKind, fields: fieldsIn(match[2] ?? '') };
    }
    rest = rest.slice(from);
  }
  if (!expectFrame(rest, closed)) throw new Error('The log is not closed: </log> is missing');
}

/** Whether the log is closed after this text between events. */
function expectFrame(text: string, closed: boolean): boolean {
  const strange = text.replace(FRAME, '');
  if (strange !== '') throw new Error(`Not an event: ${strange.slice(0, 200)}`);
  if (closed && text.trim() !== '') throw new Error('Something follows </log>');
  return closed || /<\/log\s*>|<log\s*\/>/.test(text);
}

function fieldsIn(content: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', text = ''] of content.matchAll(FIELD)) {
    if (fields.has(name)) throw new Error(`Twice the field ${name}: ${content}`);
    fields.set(name, unescapeXml(text));
  }
  if (content.replace(FIELD, '').trim() !== '') throw new Error(`Not fields: ${content}`);
  return fields;
}

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);/g, (entity: string, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return NAMED[name] ?? entity;
  });
}
