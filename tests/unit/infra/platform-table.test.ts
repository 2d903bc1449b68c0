import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

type Row = readonly string[];
type Table = {
  readonly withRows: (document: string, rows: readonly Row[], titles: readonly string[]) => string;
};
type Parts = {
  readonly PARTS: readonly { readonly title: string }[];
  readonly versionsIn: (text: string) => Readonly<Record<string, string>>;
};
const load = async (name: string): Promise<unknown> =>
  await import(join(packageRoot, 'infra/setup', name));
const { withRows } = (await load('platform-table.mjs')) as Table;
const { PARTS, versionsIn } = (await load('platform-parts.mjs')) as Parts;

const row = (title: string, result: string): Row => [
  title,
  '24.1.0',
  '4.0.5',
  '17.6',
  result,
  'today',
];
const EMPTY = 'Before.\n\n<!-- npm run test:platforms -->\n\n<!-- end -->\n\nAfter.\n';

test('a part that ran again replaces its row; other rows stay, in the order of the parts', () => {
  const titles = ['one', 'two', 'three'];
  const first = withRows(EMPTY, [row('two', 'old'), row('one', 'right')], titles);
  const second = withRows(first, [row('three', 'right'), row('two', 'new')], titles);
  const results = second.split('\n').filter((line) => line.includes('today'));
  expect(results).toEqual(
    [row('one', 'right'), row('two', 'new'), row('three', 'right')].map(
      (cells) => `| ${cells.join(' | ')} |`,
    ),
  );
  expect(second).toMatch(/^Before\.\n\n[^]*\n\nAfter\.\n$/);
});

test('the row of a part that is no more goes', () => {
  const document = withRows(EMPTY, [row('one', 'right')], ['one']);
  expect(withRows(document, [], ['two'])).not.toContain('| one |');
});

test('a document without the table is refused', () => {
  expect(() => withRows('Nothing.', [], [])).toThrow('no table of platforms');
});

test('versions are those of the programs, without what Debian adds', () => {
  const told =
    'v20.19.2\nerlang-base 1:27.3.4.1+dfsg-1\npostgresql-17 17.6-0+deb13u1\nrabbitmq-server 4.0.5-8\n';
  expect(versionsIn(told)).toEqual({
    nodejs: '20.19.2',
    rabbitmq: '4.0.5',
    erlang: '27',
    postgresql: '17.6',
  });
});

test('docs/DEPLOYMENT.md has the table, with rows of the present parts', () => {
  const document = readFileSync(join(packageRoot, 'docs/DEPLOYMENT.md'), 'utf8');
  const titles = PARTS.map(({ title }) => title);
  expect(withRows(document, [], titles)).toBe(document);
});
