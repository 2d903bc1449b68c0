/** Renders a JSON log line for people: date and time, level, process, event, fields. Pure. */
import { parseLogLine } from '../host/log-lines.ts';

const COLOURS: Readonly<Record<string, string>> = {
  debug: '\u001b[2m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};
const PLAIN = '\u001b[0m';

/** Returns a line in another format unchanged. */
export function renderLogLine(text: string, coloured: boolean): string {
  const line = parseLogLine(text);
  if (line === undefined) return text;
  const { at, level, process, event, fields } = line;
  const { error, ...others } = fields;
  const shown = Object.entries(others).map(([name, value]) => `${name}=${plain(value)}`);
  const head = `${at.slice(0, 23).replace('T', ' ')} ${level.padEnd(5)} ${process.padEnd(14)} ${event}`;
  const whole = [head, ...shown].join('  ') + errorText(error);
  const colour = COLOURS[level];
  return coloured && colour !== undefined ? `${colour}${whole}${PLAIN}` : whole;
}

const plain = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function errorText(error: unknown): string {
  if (error === undefined) return '';
  if (typeof error !== 'object' || error === null) return `  error=${plain(error)}`;
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown };
  const text = typeof stack === 'string' ? stack : plain(message);
  return `\n    ${text.replaceAll('\n', '\n    ')}`;
}
