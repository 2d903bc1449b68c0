/** Reads the fields of an event, and reports each that the schema or SPEC §5.1 does not allow. */
import { parseSymbol } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import { AUDIT_KINDS, type AuditKind } from '../../shared/messages/audit-entry.ts';
import { parseCommandName } from '../../shared/messages/command-form.ts';
import { showText } from '../../shared/messages/show-text.ts';
import { fieldRule, isMoney, kindFields } from './field-rules.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { LogEvent, RawEvent } from './log-event.ts';
import { readMoney } from './read-money.ts';

export type ReportField = (kind: FindingKind, expected: string, found: string) => void;

/**
 * Returns the event, or undefined if it lacks what every later check needs. An event without a valid
 * time gets `previousAt`.
 */
export function readEvent(
  raw: RawEvent,
  previousAt: number,
  report: ReportField,
): LogEvent | undefined {
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
  const event = eventOf(kind, { line: raw.line, values, previousAt });
  return isUsable(event) ? event : undefined;
}

/** Checks which fields there are, and their order. */
function checkFields({ kind, fields }: RawEvent, report: ReportField): void {
  const { names, required } = kindFields(kind) ?? { names: [], required: [] };
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

function checkValue(name: string, text: string, report: ReportField): void {
  const rule = fieldRule(name);
  if (rule === undefined) return;
  const found = `${name} ${showText(text)}`;
  if (!rule.isValid(text)) report('field-invalid', rule.valid, found);
  else if (!rule.isPlain(text)) report('field-form', rule.plain, found);
  else if (isMoney(name)) {
    const { form } = readMoney(text);
    if (form === 'fraction') report('money-fraction', 'whole cents', found);
    if (form === 'other') report('money-format', 'dollars with two decimals, above 0', found);
  }
}

type Values = {
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
  readonly previousAt: number;
};

function eventOf(kind: AuditKind, { line, values, previousAt }: Values): LogEvent {
  const at = Number(values.get('timestamp') ?? Number.NaN);
  const money = values.get(kind === 'quoteServer' ? 'price' : 'funds');
  const action = values.get('action')?.toLowerCase();
  return {
    kind,
    line,
    at: Number.isSafeInteger(at) && at > 0 ? at : previousAt,
    number: Number(values.get('transactionNum') ?? Number.NaN),
    user: values.get('username') ?? '',
    command: parseCommandName(values.get('command') ?? ''),
    symbol: parseSymbol(values.get('stockSymbol') ?? ''),
    file: values.get('filename'),
    funds: money === undefined ? undefined : centsIn(money),
    action: action === 'add' || action === 'remove' ? action : undefined,
    message: values.get('errorMessage') ?? values.get('debugMessage'),
  };
}

const centsIn = (text: string): Cents | undefined => readMoney(text).cents;

function isUsable({ kind, number, command, symbol, funds, action }: LogEvent): boolean {
  if (!Number.isSafeInteger(number) || number < 1) return false;
  if (kind === 'quoteServer') return symbol !== undefined && funds !== undefined && funds > 0n;
  if (kind === 'accountTransaction') return action !== undefined && funds !== undefined;
  return command !== undefined;
}
