/** Follows the README as a stranger would. `npm run drill -- documents` follows the other documents too. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { readDocument } from '../support/document-commands.ts';
import {
  DOCUMENTS,
  NOT_RUN,
  PRINTED,
  reasonOf,
  titled,
  UNTIL_CTRL_C,
  withoutComment,
} from './document-tables.ts';
import { followDocuments } from './follow-documents.ts';

followDocuments(['README.md']);

const all = DOCUMENTS.map((document) => ({ document, commands: readDocument(document) }));

describe.each(all)('$document', ({ document, commands }) => {
  const notRun = commands.filter((command) => reasonOf(command) !== undefined);

  if (notRun.length > 0) {
    test.each(titled(notRun))('%s is a command of a shell', (_title, { text }) => {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    });
  }

  test('the document shows commands', () => {
    expect([document, commands.length > 0]).toEqual([document, true]);
  });
});

test('no entry of the tables is left over', () => {
  const texts = all.flatMap(({ commands }) => commands.map(({ text }) => withoutComment(text)));
  const tables = [...NOT_RUN, ...PRINTED, ...UNTIL_CTRL_C].map(([command]) => command);
  expect(tables.filter((command) => !texts.some((text) => command.test(text)))).toEqual([]);
});
