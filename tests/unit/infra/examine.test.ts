import { describe, expect, test } from '@jest/globals';
import { judgeFault, renderExamined } from '../../../infra/cli/doctor.ts';
import {
  judgeClock,
  judgeDatabase,
  judgePlugins,
} from '../../../infra/operations/examine-given.ts';
import { examine, judgeDisk, judgeNode } from '../../../infra/operations/examine.ts';
import { lacksOf } from '../../../shared/pg/probe.ts';
import { examineConfig } from '../../../shared/runtime/config.ts';

describe('the judgement of the doctor', () => {
  test.each([
    [judgeNode('20.11.0'), 'good'],
    [judgeNode('22.1.0'), 'good'],
    [judgeNode('20.10.9'), 'bad'],
    [judgeNode('18.20.0'), 'bad'],
    [judgeDisk(74e9), 'good'],
    [judgeDisk(2e9), 'doubtful'],
    [judgeDisk(1e8), 'bad'],
    [judgeClock(-900), 'good'],
    [judgeClock(-2_000), 'doubtful'],
    [judgeDatabase({ version: '15.14 (Debian 15.14-0+deb12u1)', hasLz4: true }), 'good'],
    [judgeDatabase({ version: '16.4', hasLz4: false }), 'doubtful'],
    [judgeDatabase({ version: '14.23', hasLz4: true }), 'doubtful'],
    [judgeDatabase({ version: '12.1', hasLz4: false }), 'bad'],
    [judgePlugins(['rabbitmq_management', 'rabbitmq_prometheus']), 'good'],
    [judgePlugins(['rabbitmq_management']), 'doubtful'],
  ] as const)('%j is %s', (examined, is) => {
    expect(examined.is).toBe(is);
    // Each finding of a fault says what to do.
    expect(examined.advice === undefined).toBe(is === 'good');
  });
});

test('what a version of PostgreSQL lacks is said in words', () => {
  expect(lacksOf({ version: '17.2', hasLz4: true })).toEqual([]);
  expect(lacksOf({ version: '14.23', hasLz4: false })).toEqual([
    'it has had no fixes since November 2026',
    'it was built without LZ4, so a command costs it about a fifth more time',
  ]);
});

test('advice stands below the findings', () => {
  const text = renderExamined([judgeNode('20.11.0'), judgeDisk(1e8)]);
  expect(text).toMatch(/good {2}node[\s\S]*bad {3}disk[\s\S]*What to do\n {2}disk {2}Make room/);
});

test('a variable that cannot be read is one finding, and the others are examined', async () => {
  const { config, faults } = examineConfig({ SHARDS: 'many', BIND: '9.9.9.9' });
  const lines = [...faults.map(judgeFault), ...(await examine({ config, isRunning: false }))];
  const bad = lines.filter(({ is }) => is === 'bad').map(({ what }) => what);
  expect(bad).toEqual(expect.arrayContaining(['SHARDS', 'BIND']));
  expect(lines.map(({ what }) => what)).toContain('node');
});
