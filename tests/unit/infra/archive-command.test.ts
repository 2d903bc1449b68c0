/** The archive of the log: written by a shell command that PostgreSQL runs for each segment. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveCommand, asideFolder } from '../../../infra/services/replicated/patroni.ts';

const SEGMENT = '00000004000000000000000B';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-archive-'));
  mkdirSync(asideFolder(folder));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command as PostgreSQL does, with the path for %p and the name for %f. Throws if it fails. */
function archive(content: string): void {
  const path = join(folder, 'segment');
  writeFileSync(path, content);
  const command = archiveCommand(folder).replaceAll('%p', path).replaceAll('%f', SEGMENT);
  execFileSync('sh', ['-c', command]);
  rmSync(path);
}

const archived = (): string => readFileSync(join(folder, SEGMENT), 'utf8');

test('a segment is archived, and nothing is left beside it', () => {
  archive('first');
  expect(archived()).toBe('first');
  expect(readdirSync(folder).sort()).toEqual([SEGMENT, 'aside']);
  expect(readdirSync(asideFolder(folder))).toEqual([]);
});

test('the same segment again is no fault', () => {
  archive('first');
  archive('first');
  expect(archived()).toBe('first');
  expect(readdirSync(asideFolder(folder))).toEqual([]);
});

test('another version is laid aside, any number of times, and the first one stays', () => {
  archive('first');
  archive('of a timeline that was left');
  archive('of a timeline that was left');
  archive('rewound');
  expect(archived()).toBe('first');
  expect(readFileSync(join(asideFolder(folder), SEGMENT), 'utf8')).toBe('rewound');
  expect(readdirSync(asideFolder(folder))).toEqual([SEGMENT]);
});

test('if the archive cannot be written, the command fails and PostgreSQL keeps the segment', () => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'elsewhere'), '');
  const command = archiveCommand(join(folder, 'elsewhere'))
    .replaceAll('%p', join(folder, 'elsewhere'))
    .replaceAll('%f', SEGMENT);
  expect(() => execFileSync('sh', ['-c', command], { stdio: 'ignore' })).toThrow();
});
