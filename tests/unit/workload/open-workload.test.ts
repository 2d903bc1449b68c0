import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { generateWorkload } from '../../../producers/workload/generate.ts';
import { openWorkload, type Workload } from '../../../producers/workload/open-workload.ts';
import { unreadableOf, type NumberedLine } from '../../../producers/workload/read-workload.ts';

let folder = '';
let opened: Workload[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-workload-'));
  opened = [];
});
afterEach(async () => {
  for (const workload of opened) await workload.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function open(paths: readonly string[], number = false): Promise<Workload> {
  const workload = await openWorkload(paths, { number });
  opened.push(workload);
  return workload;
}

async function linesOf(workload: Workload): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const batch of workload.read()) lines.push(...batch);
  return lines;
}

const numbersOf = (lines: readonly NumberedLine[]): readonly (number | undefined)[] =>
  lines.map(({ line }) => line.number);

/** Makes a workload, and its lines by user. */
function splitByUser(): { readonly whole: string; readonly parts: readonly string[] } {
  const lines = [...generateWorkload({ users: 7, commands: 5_000, seed: 3 })];
  const byUser = new Map<string, string[]>();
  for (const line of lines) {
    const user = line.split(',')[1]?.trim() ?? '';
    byUser.set(user, [...(byUser.get(user) ?? []), line]);
  }
  return { whole: lines.join('\n'), parts: [...byUser.values()].map((part) => part.join('\n')) };
}

describe('a workload of several parts', () => {
  test('has the lines of the whole in their order, for any order of its parts', async () => {
    const { whole, parts } = splitByUser();
    const paths = parts.map((text, index) => write(`part-${index}`, text));
    const expected = (await linesOf(await open([write('whole', whole)]))).map(({ line }) => line);
    const merged = await open(paths);
    expect((await linesOf(merged)).map(({ line }) => line)).toEqual(expected);
    const turned = await open(paths.toReversed());
    expect((await linesOf(turned)).map(({ line }) => line)).toEqual(expected);
    expect(turned.sha256).toBe(merged.sha256);
    expect(merged.lines).toBe(expected.length);
  });

  test('can be a folder, whose hidden files are left out', async () => {
    mkdirSync(join(folder, 'parts'));
    write('parts/one', '[1] ADD,a,1\n[4] QUOTE,a,ABC\n');
    write('parts/two.gz', gzipSync('[2] ADD,b,1\n'));
    write('parts/.DS_Store', Buffer.from([0, 1, 2]));
    expect(numbersOf(await linesOf(await open([join(folder, 'parts')])))).toEqual([1, 2, 4]);
  });

  test('names the file of a line that cannot be executed', async () => {
    const one = write('one', '[1] ADD,a,1\n[5] ADD,a,-5\n');
    const two = write('two', 'hello\n[2] ADD,b,1\n[1] ADD,b,1\n');
    const lines = (await linesOf(await open([one, two]))).map(unreadableOf);
    expect(lines.filter((line) => line !== undefined)).toMatchObject([
      { file: two, line: 1, fault: 'no-number' },
      { file: two, line: 3, fault: 'number-not-greater' },
      { file: one, line: 2, fault: 'bad-amount' },
    ]);
  });

  test('reports a number that two parts have, and names both places', async () => {
    const one = write('one', '[1] ADD,a,1\n[3] ADD,a,1\n');
    const two = write('two', '\n[3] ADD,b,1\n[4] ADD,b,1\n');
    const lines = await linesOf(await open([one, two]));
    const [bad] = lines.map(unreadableOf).filter((line) => line !== undefined);
    expect(bad).toMatchObject({ fault: 'number-taken' });
    expect(bad?.reason).toContain('number 3 is that of line');
    expect(numbersOf(lines)).toEqual([1, 3, undefined, 4]);
  });

  test('with --number is read part after part and numbered through', async () => {
    const one = write('one', 'ADD,a,1\nADD,a,2\n');
    const two = write('two', 'ADD,b,1\n');
    const there = await open([one, two], true);
    expect(numbersOf(await linesOf(there))).toEqual([1, 2, 3]);
    expect((await open([two, one], true)).sha256).not.toBe(there.sha256);
  });

  test('takes hundreds of parts in bounded memory', async () => {
    const many = Array.from({ length: 300 }, (_, part) => {
      const lines = Array.from({ length: 40 }, (_, row) => `[${row * 300 + part + 1}] ADD,a,1`);
      return write(`part-${part}`, lines.join('\n'));
    });
    let previous = 0;
    let longest = 0;
    for await (const batch of (await open(many)).read()) {
      if (batch.every(({ line }) => line.number === (previous += 1))) {
        longest = Math.max(longest, batch.length);
      }
    }
    expect(previous).toBe(12_000);
    expect(longest).toBeLessThan(2_000);
  });

  test('a part without commands may be empty', async () => {
    const paths = [write('one', '[1] ADD,a,1'), write('two', ''), write('three', '\n')];
    expect(numbersOf(await linesOf(await open(paths)))).toEqual([1]);
  });
});

describe('a compressed part', () => {
  const text = [...generateWorkload({ users: 3, commands: 2_000, seed: 1 })].join('\n');

  test('is the same workload as the file that was compressed', async () => {
    const plain = await open([write('plain', text)]);
    const packed = await open([write('packed.gz', gzipSync(text))]);
    expect(packed.sha256).toBe(plain.sha256);
    expect(await linesOf(packed)).toEqual(await linesOf(plain));
  });

  const bytes = gzipSync(text);
  const corrupt = Buffer.from(bytes).fill(0x55, 200, 300);
  test.each([
    ['truncated', bytes.subarray(0, bytes.length / 2), 'truncated'],
    ['without its end', bytes.subarray(0, -4), 'truncated'],
    ['corrupt', corrupt, 'corrupt'],
    ['not gzip', Buffer.from('[1] ADD,a,1'), 'not gzip'],
  ])('that is %s is named before anything runs', async (_, content, reason) => {
    const path = write('part.gz', content);
    await expect(openWorkload([path])).rejects.toMatchObject({
      code: 'workload-invalid',
      message: expect.stringMatching(new RegExp(`part\\.gz: the gzip file is .*${reason}`)),
    });
  });
});

describe('input that is piped', () => {
  test('is read once, kept for the run, and decompressed by its first bytes', async () => {
    const path = join(folder, 'pipe');
    await once(spawn('mkfifo', [path]), 'close');
    const writer = spawn('sh', ['-c', `gzip -c > '${path}'`]);
    writer.stdin.end('[1] ADD,a,1\n[2] ADD,a,2\n');
    const workload = await open([path]);
    expect(numbersOf(await linesOf(workload))).toEqual([1, 2]);
    expect(numbersOf(await linesOf(workload))).toEqual([1, 2]);
  });

  test('a device is refused, because it might never end', async () => {
    await expect(openWorkload(['/dev/zero'])).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('device'),
    });
  });
});

describe('parts that cannot be one workload', () => {
  test('every part that is missing is named', async () => {
    const paths = [join(folder, 'gone'), write('here', '[1] ADD,a,1'), join(folder, 'lost')];
    await expect(openWorkload(paths)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringMatching(/gone: there is no such file\n.*lost: there is no such file/),
    });
  });

  test('a folder without files is named', async () => {
    mkdirSync(join(folder, 'empty', 'below'), { recursive: true });
    await expect(openWorkload([join(folder, 'empty')])).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('empty: the folder holds no files'),
    });
  });

  test('a part that is given twice is named', async () => {
    const one = write('one', '[1] ADD,a,1');
    const copy = write('copy', '[1] ADD,a,1');
    await expect(openWorkload([one, `${folder}/./one`])).rejects.toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining('are the same file'),
    });
    await expect(openWorkload([one, copy])).rejects.toMatchObject({
      code: 'workload-invalid',
      message: expect.stringContaining('have the same content'),
    });
  });
});

describe('a file without a readable line', () => {
  const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
  const noise = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256));
  test.each([
    ['random bytes', noise, 'binary data'],
    ['gzip', gzipSync('[1] ADD,a,1'), 'gzip'],
    ['zip', Buffer.from('PK\x03\x04rest'), 'zip archive'],
    ['PDF', Buffer.from('%PDF-1.7\n%…'), 'PDF'],
    ['XML', Buffer.from('<?xml version="1.0"?><log></log>'), 'XML'],
    ['HTML', Buffer.from('<!DOCTYPE html>'), 'HTML'],
    ['JSON', Buffer.from('[{"command":"ADD"}]'), 'JSON'],
    ['an image', Buffer.concat([bytes(0x89), Buffer.from('PNG\r\n')]), 'PNG'],
    ['UTF-16', Buffer.from('\ufeff[1] ADD,a,1\n', 'utf16le'), 'UTF-16'],
    ['UTF-16 without a mark', Buffer.from('[1] ADD,a,1\n', 'utf16le'), 'UTF-16'],
    ['semicolons', Buffer.from('[1] ADD;a;1\n[2] QUOTE;a;ABC\n'), 'semicolons'],
    ['tabs', Buffer.from('1\tADD\ta\t1\n'), 'tabs'],
    ['bars', Buffer.from('[1] ADD|a|1\n'), 'bars'],
    ['no numbers', Buffer.from('ADD,a,1\nQUOTE,a,ABC\n'), '--number'],
    ['bare numbers', Buffer.from('1,ADD,a,1\n'), 'brackets'],
    ['Latin-1', Buffer.from('Größe\n', 'latin1'), 'another encoding'],
    ['prose', Buffer.from('Dear Sir or Madam\n'), 'text, but not a workload'],
  ])('%s is said to be what it seems', async (_, content, seems) => {
    await expect(openWorkload([write('input', content)])).rejects.toMatchObject({
      code: 'workload-invalid',
      message: expect.stringMatching(
        new RegExp(`input has no line that can be read\\. It seems to be .*${seems}`),
      ),
    });
  });

  test.each(['', '\n\r\n  '])('%j is said to be empty', async (text) => {
    await expect(openWorkload([write('input', text)])).rejects.toMatchObject({
      code: 'workload-invalid',
      message: expect.stringContaining('input is empty'),
    });
  });

  test('is named among parts that are good', async () => {
    const paths = [write('one', '[1] ADD,a,1'), write('README', 'These are the parts.')];
    await expect(openWorkload(paths)).rejects.toMatchObject({
      message: expect.stringMatching(/README has no line/),
    });
  });

  test('a file whose only command is audited and rejected is run', async () => {
    expect((await open([write('input', '[1] ADD,a,-5')])).lines).toBe(1);
  });
});
