/** Reads the fields of an event, and reports each that the schema or SPEC §5.1 does not allow. */
import { entryOf } from '../../shared/domain/command-catalogue.ts';
import { parseSymbol } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import { AUDIT_KINDS, type AuditKind } from '../../shared/messages/audit-entry.ts';
import { parseCommandName } from '../../shared/messages/command-form.ts';
import { showText } from '../../shared/messages/show-text.ts';
import { fieldRule, isMoney, kindFields } from './field-rules.ts';
import { copyOf } from './copied-text.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { LogEvent, RawEvent } from './log-event.ts';
import { readMoney } from './read-money.ts';

type ReportField = (kind: FindingKind, expected: string, found: string) => void;

type ReadOptions = {
  /** The time of an event without a valid one. */
  readonly previousAt: number;
  /** Returns the one copy of a name that is kept. */
  readonly intern: (name: string) => string;
  readonly report: ReportField;
};

/** Returns the event, or undefined if it lacks what every later check needs. */
export function readEvent(raw: RawEvent, options: ReadOptions): LogEvent | undefined {
  const { report } = options;
  const kind = AUDIT_KINDS.find((name) => name === raw.kind);
  if (kind === undefined) {
    report('event-unknown', `one of ${AUDIT_KINDS.join(', ')}`, `<${raw.kind}>`);
    return undefined;
  }
  checkFields(raw, report);
  const values = new Map<string, string>();
  for (const { name, text } of raw.fields) {
    if (values.has(name)) report('field-twice', `one ${name}`, 'another one');
    else {
      checkValue(name, text, report);
      values.set(name, text.trim());
    }
  }
  const event = eventOf(kind, { line: raw.line, values, ...options });
  return isUsable(event) ? withOwnFields(event, report) : undefined;
}

/** Checks which fields there are, and their order. */
function checkFields(raw: RawEvent, report: ReportField): void {
  const { kind, fields } = raw;
  const { names, required } = kindFields(kind) ?? { names: [], required: [] };
  if (hasPlainFields(raw, { names, required })) return;
  const present = new Set(fields.map(({ name }) => name));
  for (const name of present) {
    if (!names.includes(name)) report('field-unknown', `the fields of ${kind}`, name);
  }
  for (const name of required) {
    if (!present.has(name)) report('field-missing', name, `a ${kind} without it`);
  }
  const attributes = fields.filter(({ isAttribute }) => isAttribute).map(({ name }) => name);
  if (attributes.length > 0) report('fields-as-attributes', 'elements', attributes.join(', '));
  const order = fields.map(({ name }) => names.indexOf(name)).filter((at) => at >= 0);
  if (order.some((at, index) => at < (order[index - 1] ?? 0))) {
    const found = fields.map(({ name }) => name).join(', ');
    report('field-order', names.filter((name) => present.has(name)).join(', '), found);
  }
}

/** Returns whether all is as SPEC §5.1 demands, as it is in most events. */
function hasPlainFields(
  { fields }: RawEvent,
  { names, required }: { readonly names: readonly string[]; readonly required: readonly string[] },
): boolean {
  let last = -1;
  let needed = 0;
  for (const { name, isAttribute } of fields) {
    const at = names.indexOf(name, last + 1);
    if (at < 0 || isAttribute) return false;
    if (required[needed] === name) needed += 1;
    last = at;
  }
  return needed === required.length;
}

function checkValue(name: string, text: string, report: ReportField): void {
  const rule = fieldRule(name);
  if (rule === undefined) return;
  const found = (): string => `${name} ${showText(text)}`;
  if (!rule.isValid(text)) report('field-invalid', rule.valid, found());
  else if (!rule.isPlain(text)) report('field-form', rule.plain, found());
  else if (isMoney(name)) {
    const { form } = readMoney(text);
    if (form === 'fraction') report('money-fraction', 'whole cents', found());
    if (form === 'other') report('money-format', 'dollars with two decimals, above 0', found());
  }
}

type Values = Omit<ReadOptions, 'report'> & {
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
};

function eventOf(kind: AuditKind, { line, values, previousAt, intern }: Values): LogEvent {
  const at = Number(values.get('timestamp') ?? Number.NaN);
  const money = values.get(kind === 'quoteServer' ? 'price' : 'funds');
  const action = values.get('action')?.toLowerCase();
  return {
    kind,
    line,
    at: Number.isSafeInteger(at) && at > 0 ? at : previousAt,
    number: Number(values.get('transactionNum') ?? Number.NaN),
    user: intern(values.get('username') ?? ''),
    command: parseCommandName(values.get('command') ?? ''),
    symbol: parseSymbol(values.get('stockSymbol') ?? ''),
    file: copied(values.get('filename')),
    funds: money === undefined ? undefined : centsIn(money),
    action: action === 'add' || action === 'remove' ? action : undefined,
    message: copied(values.get('errorMessage') ?? values.get('debugMessage')),
  };
}

/** Leaves out, and reports, the fields that the command of an event does not have. */
function withOwnFields(event: LogEvent, report: ReportField): LogEvent {
  const { command, symbol, file, funds } = event;
  if (command === undefined) return event;
  const { fields } = entryOf(command);
  const hasMoney = fields.includes('amount') || fields.includes('price');
  const strange = [
    ...(symbol !== undefined && !fields.includes('symbol') ? ['stockSymbol'] : []),
    ...(file !== undefined && !fields.includes('file') ? ['filename'] : []),
    ...(funds !== undefined && !hasMoney ? ['funds'] : []),
  ];
  if (strange.length === 0) return event;
  report('field-form', `a ${command} without ${strange.join(', ')}`, 'one with it');
  return {
    ...event,
    symbol: fields.includes('symbol') ? symbol : undefined,
    file: fields.includes('file') ? file : undefined,
    funds: hasMoney ? funds : undefined,
  };
}

const copied = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : copyOf(text);

const centsIn = (text: string): Cents | undefined => readMoney(text).cents;

function isUsable({ kind, number, command, symbol, funds, action }: LogEvent): boolean {
  if (!Number.isSafeInteger(number) || number < 1) return false;
  if (kind === 'quoteServer') return symbol !== undefined && funds !== undefined && funds > 0n;
  if (kind === 'accountTransaction') return action !== undefined && funds !== undefined;
  return command !== undefined;
}
