import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRotatingFile } from '../../../shared/runtime/rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-rotate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const bounds = { bytesMax: 10, filesMax: 3 };
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('a log file', () => {
  test('is rotated before it exceeds its bound', () => {
    const file = openRotatingFile(join(folder, 'a.log'), bounds);
    ['12345\n', '6789\n', 'abc\n'].forEach((line) => file.append(line));
    expect([read('a.log.1'), read('a.log')]).toEqual(['12345\n', '6789\nabc\n']);
  });

  test('keeps no more files than its bound', () => {
    const file = openRotatingFile(join(folder, 'a.log'), bounds);
    for (let line = 0; line < 9; line += 1) file.append(`line ${line}\n`);
    expect(readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect([read('a.log.2'), read('a.log.1'), read('a.log')]).toEqual([
      'line 6\n',
      'line 7\n',
      'line 8\n',
    ]);
  });

  test('continues an existing file', () => {
    openRotatingFile(join(folder, 'a.log'), bounds).append('12345\n');
    openRotatingFile(join(folder, 'a.log'), bounds).append('67890\n');
    expect([read('a.log.1'), read('a.log')]).toEqual(['12345\n', '67890\n']);
  });

  test('takes one line that is larger than the bound', () => {
    const file = openRotatingFile(join(folder, 'a.log'), bounds);
    file.append('a line of more than ten bytes\n');
    expect(readdirSync(folder)).toEqual(['a.log']);
  });
});
