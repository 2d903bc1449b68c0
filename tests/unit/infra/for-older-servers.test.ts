import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { forOlderServers } from '../../../infra/operations/for-older-servers.ts';

const SETTING = 'SET transaction_timeout = 0;\n';

test.each([
  [
    'is left out among the settings',
    [`SET lock_timeout = 0;\n${SETTING}COPY`],
    'SET lock_timeout = 0;\nCOPY',
  ],
  ['may be absent', ['SET lock_timeout = 0;\n', 'COPY'], 'SET lock_timeout = 0;\nCOPY'],
  ['stays in data', ['COPY\n', SETTING], `COPY\n${SETTING}`],
])('a setting that only PostgreSQL 17 knows %s', async (_how, pieces, expected) => {
  const from = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  expect(await text(from.pipe(forOlderServers()))).toBe(expected);
});
