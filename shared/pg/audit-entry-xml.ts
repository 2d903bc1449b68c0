/** Renders rows of the audit log as XML. Pure. Source: SPEC §5.1. */
import { SYSTEM_USER } from '../domain/identity.ts';
import { cents, renderDollars } from '../domain/money.ts';
import type { AuditRow } from './audit-scan.ts';

export const LOG_HEAD = '<?xml version="1.0"?>\n<log>\n';
export const LOG_TAIL = '</log>\n';

/** Renders a row with the elements that apply, in the order of SPEC §5.1. */
export function renderEntry(row: AuditRow): string {
  const common =
    tag('timestamp', row.at) + tag('server', row.server) + tag('transactionNum', row.number);
  return `  <${row.kind}>${common}${fieldsOf(row)}</${row.kind}>\n`;
}

function fieldsOf(row: AuditRow): string {
  const user = row.user_id === SYSTEM_USER ? null : row.user_id;
  switch (row.kind) {
    case 'quoteServer':
      return (
        tag('price', dollars(row.funds)) +
        tag('stockSymbol', row.symbol) +
        tag('username', user) +
        tag('quoteServerTime', row.quote_server_time) +
        tag('cryptokey', row.cryptokey)
      );
    case 'accountTransaction':
      return tag('action', row.action) + tag('username', user) + tag('funds', dollars(row.funds));
    case 'userCommand':
    case 'systemEvent':
      return commandFields(row, user);
    case 'errorEvent':
      return commandFields(row, user) + tag('errorMessage', row.message);
    case 'debugEvent':
      return commandFields(row, user) + tag('debugMessage', row.message);
  }
}

const commandFields = (row: AuditRow, user: string | null): string =>
  tag('command', row.command) +
  tag('username', user) +
  tag('stockSymbol', row.symbol) +
  tag('filename', row.file) +
  tag('funds', dollars(row.funds));

const dollars = (funds: bigint | null): string | null =>
  funds === null ? null : renderDollars(cents(funds));

function tag(name: string, value: string | bigint | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? escapeText(value) : value.toString();
  return `<${name}>${text}</${name}>`;
}

/** Characters that XML 1.0 gives a meaning, which are escaped, or cannot contain, which are left out. */
const SPECIAL = /[<>&\r]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const SPECIAL_ALL = new RegExp(SPECIAL, 'gu');
const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '\r': '&#13;',
};

const escapeText = (text: string): string =>
  SPECIAL.test(text) ? text.replace(SPECIAL_ALL, (found) => ENTITIES[found] ?? '') : text;
