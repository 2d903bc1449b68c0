/** The commands that a document shows in fenced blocks, in their order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';

export type DocumentCommand = {
  readonly document: string;
  /** The number of its first line in the document. */
  readonly line: number;
  /** The text that the document shows, for a shell. */
  readonly text: string;
  /** The lines that the document shows as its output. */
  readonly shown: readonly string[];
};

/** The languages of blocks that a reader types. Blocks in the others are only read. */
const COMMAND_LANGUAGES = ['sh', 'console', 'crontab'];
const OTHER_LANGUAGES = ['js', 'json', 'mermaid', 'sql', 'text', 'ts'];
const FENCE = /^( *)```(.*)$/;
const PROMPT = '$ ';
/** Minute, hour, day, month and weekday. */
const SCHEDULE = /^(?:\S+ +){5}/;

type Line = { readonly text: string; readonly line: number };
type Found = Omit<DocumentCommand, 'document'>;

export function readDocument(document: string): readonly DocumentCommand[] {
  const text = readFileSync(join(packageRoot, document), 'utf8');
  return findCommands(text).map((found) => ({ document, ...found }));
}

/** Throws if a block does not say which language it is in. */
export function findCommands(markdown: string): readonly Found[] {
  const found: Found[] = [];
  let language: string | undefined;
  let indent = 0;
  let lines: Line[] = [];
  markdown.split('\n').forEach((text, index) => {
    const [, spaces = '', fence] = FENCE.exec(text) ?? [];
    if (fence === undefined) {
      lines.push({ text: text.slice(indent), line: index + 1 });
    } else if (language === undefined) {
      checkLanguage(fence, index + 1);
      language = fence;
      indent = spaces.length;
      lines = [];
    } else {
      found.push(...commandsOf(language, lines));
      language = undefined;
      indent = 0;
    }
  });
  return found;
}

function checkLanguage(language: string, line: number): void {
  if ([...COMMAND_LANGUAGES, ...OTHER_LANGUAGES].includes(language)) return;
  throw new Error(`the block in line ${line} is in no known language: "${language}"`);
}

function commandsOf(language: string, lines: readonly Line[]): readonly Found[] {
  const filled = lines.filter(({ text }) => text.trim() !== '');
  if (language === 'crontab') return scheduled(filled);
  if (language === 'console') return session(filled);
  return language === 'sh' ? joined(filled).map((each) => ({ ...each, shown: [] })) : [];
}

/** A line that ends in a backslash goes on in the next one. */
function joined(lines: readonly Line[]): readonly Line[] {
  const all: Line[] = [];
  for (const each of lines) {
    const last = all.at(-1);
    if (last?.text.endsWith('\\') !== true) all.push(each);
    else all[all.length - 1] = { ...last, text: `${last.text}\n${each.text}` };
  }
  return all;
}

function session(lines: readonly Line[]): readonly Found[] {
  const found: (Line & { readonly shown: string[] })[] = [];
  for (const { text, line } of lines) {
    if (text.startsWith(PROMPT)) found.push({ text: text.slice(PROMPT.length), line, shown: [] });
    else found.at(-1)?.shown.push(text);
  }
  return found;
}

/** Returns the commands that cron hands to a shell: the variables above a line apply, and `\%` is `%`. */
function scheduled(lines: readonly Line[]): readonly Found[] {
  const variables = lines.filter(({ text }) => /^\w+=/.test(text)).map(({ text }) => text);
  return lines
    .filter(({ text }) => SCHEDULE.test(text))
    .map(({ text, line }) => {
      const command = text.replace(SCHEDULE, '').replaceAll('\\%', '%');
      return { text: `(export ${variables.join(' ')}; ${command})`, line, shown: [] };
    });
}
