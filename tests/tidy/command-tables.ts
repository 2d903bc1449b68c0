/**
 * The parts of documents that follow from the catalogue of commands and from the workload files. A part
 * stands between `<!-- npm run tables: NAME -->` and `<!-- end -->`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkload, type NumberedLine } from '../../producers/workload/read-workload.ts';
import {
  commandGroups,
  COMMAND_NAMES,
  entryOf,
  type CommandGroup,
} from '../../shared/domain/command-catalogue.ts';
import { formOf } from '../../shared/messages/command-form.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';

export type MadePart = {
  readonly document: string;
  readonly name: string;
  readonly makeLines: () => Promise<readonly string[]> | readonly string[];
};

export const MADE_PARTS: readonly MadePart[] = [
  {
    document: 'docs/COMMANDS.md',
    name: 'commands',
    makeLines: () => [
      '| command | needs a price | what it does |',
      '| --- | --- | --- |',
      ...COMMAND_NAMES.map((name) => {
        const { needsQuote, meaning } = entryOf(name);
        return `| ${formsOf(name)} | ${needsQuote ? 'yes' : ''} | ${meaning} |`;
      }),
    ],
  },
  {
    document: 'docs/audit-log.xsd',
    name: 'commands',
    makeLines: () => COMMAND_NAMES.map((name) => `<xsd:enumeration value="${name}"/>`),
  },
  {
    document: 'workloads/README.md',
    name: 'fields',
    makeLines: () => [
      '| command | fields |',
      '| --- | --- |',
      ...commandGroups().map(
        (group) => `| ${group.names.map(quoted).join(' ')} | ${fieldsOf(group)} |`,
      ),
    ],
  },
  { document: 'workloads/README.md', name: 'files', makeLines: countFiles },
];

const quoted = (text: string): string => `\`${text}\``;

const formsOf = (name: (typeof COMMAND_NAMES)[number]): string =>
  formOf(name, 0).expected.split(' or ').map(quoted).join(' or ');

/** The form of the first command of a group, without its name. */
const fieldsOf = ({ names: [name = 'ADD'] }: CommandGroup): string =>
  formsOf(name).replaceAll(`${name},`, '');

/** The names that the README gives the kinds of lines. */
export const LINE_KINDS = {
  command: 'command',
  'unreadable-command': 'bad, but audited',
  unreadable: 'only reported',
} as const;

/** The lines of a workload file, without the blank ones. */
export async function linesOf(path: string): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const batch of readWorkload(path, { number: false })) lines.push(...batch);
  return lines;
}

/** Returns the numbers of lines that are a command, bad but audited, and only reported. */
export const countKinds = (lines: readonly NumberedLine[]): readonly number[] =>
  Object.keys(LINE_KINDS).map((kind) => lines.filter(({ line }) => line.type === kind).length);

async function countFiles(): Promise<readonly string[]> {
  const names = ['sample', 'every-command', 'bad-lines'].map((name) => `${name}.workload`);
  const rows = names.map(async (name) => {
    const counts = countKinds(await linesOf(join(packageRoot, 'workloads', name)));
    return `| ${[quoted(name), ...counts].join(' | ')} |`;
  });
  return [
    '| file | commands | bad, but audited | only reported |',
    '| --- | --- | --- | --- |',
    ...(await Promise.all(rows)),
  ];
}

/** Returns the present and the wanted text of a document. Throws if it has no place for the part. */
export async function makePart({
  document,
  name,
  makeLines,
}: MadePart): Promise<{ readonly present: string; readonly wanted: string }> {
  const present = readFileSync(join(packageRoot, document), 'utf8');
  const place = new RegExp(`^( *)<!-- npm run tables: ${name} -->\n[^]*?^ *<!-- end -->$`, 'm');
  const [part, indent = ''] = place.exec(present) ?? [];
  if (part === undefined) throw new Error(`${document} has no place for ${name}`);
  const lines = [`<!-- npm run tables: ${name} -->`, ...(await makeLines()), '<!-- end -->'];
  const made = lines.map((line) => `${indent}${line}`).join('\n');
  return { present, wanted: present.replace(part, () => made) };
}
