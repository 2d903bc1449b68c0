import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkload, type NumberedLine } from '../../../producers/workload/read-workload.ts';
import { openWorkload } from '../../../producers/workload/open-workload.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-workload-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileOf(...pieces: readonly (string | Buffer)[]): Promise<string> {
  const path = join(folder, 'workload');
  await writeFile(path, Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
  return path;
}

async function linesOf(path: string, number = false): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const batch of readWorkload(path, { number })) lines.push(...batch);
  return lines;
}

/** Renders a line as `line number, transaction number, type`. */
const brief = ({ lineNumber, line }: NumberedLine): string =>
  `${lineNumber} ${line.number ?? '-'} ${line.type}`;

function reasonOf({ line }: NumberedLine): string {
  if (line.type === 'command') return '';
  return line.type === 'unreadable' ? line.reason : line.command.reason;
}

const read = async (...pieces: readonly (string | Buffer)[]): Promise<readonly string[]> =>
  (await linesOf(await fileOf(...pieces))).map(brief);

describe('reading a workload file', () => {
  test('a byte order mark, CRLF, blank lines, trailing spaces and no last line feed are normal', async () => {
    const text = '\ufeff[1] ADD,a,1 \r\n\r\n \t\n[2] ADD,a,2\t\r\n[4] DUMPLOG,./x';
    expect(await read(text)).toEqual(['1 1 command', '4 2 command', '5 4 command']);
  });

  test('a bad line is reported and the next is read', async () => {
    const bytes = Buffer.from([0x41, 0xff, 0x0a]);
    expect(await read('[1] ADD,a,1\nhello\n[2] QUOTE,a,', bytes, '[3] ADD,a,1\n')).toEqual([
      '1 1 command',
      '2 - unreadable',
      '3 2 unreadable-command',
      '4 3 command',
    ]);
  });

  test('a number must be greater than the last good one, even if bad ones came between', async () => {
    const text = '[5] HELLO\n[5] ADD,a,1\n[x] ADD,a,1\n[9] ADD,a,-1\n[8] ADD,a,1\n[10] ADD,a,1';
    expect(await read(text)).toEqual([
      '1 5 unreadable',
      '2 - unreadable',
      '3 - unreadable',
      '4 9 unreadable-command',
      '5 - unreadable',
      '6 10 command',
    ]);
  });

  test('with --number the lines are numbered here, blank ones apart', async () => {
    const path = await fileOf('ADD,a,1\n\n[7] ADD,a,1\n[7] ADD,a,1\nHELLO\n[x] COMMIT_BUY,a\n');
    expect((await linesOf(path, true)).map(brief)).toEqual([
      '1 1 command',
      '3 2 command',
      '4 3 command',
      '5 4 unreadable',
      '6 5 command',
    ]);
  });

  test('only the first line may start with a byte order mark', async () => {
    const lines = await linesOf(await fileOf('\ufeff\ufeff[1] ADD,a,1\n\ufeff[2] ADD,a,1\n'));
    expect(lines.map(brief)).toEqual(['1 - unreadable', '2 - unreadable']);
  });

  test('UTF-8 is decoded, and other bytes are shown as bytes', async () => {
    const [good, bad] = await linesOf(
      await fileOf(
        '[1] DUMPLOG,./größe\n',
        Buffer.from([0x5b, 0x32, 0x5d]),
        'QUOTE,',
        Buffer.from([0xc3]),
      ),
    );
    expect(good).toHaveProperty('line.command.file', './größe');
    expect(bad && reasonOf(bad)).toMatch(/^not UTF-8/);
  });

  test('an empty file has no lines', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\r\n  ')).toEqual([]);
    expect(await read('\ufeff')).toEqual([]);
  });

  test('lines are whole even if pieces of the file end inside them', async () => {
    const count = 20_000;
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const text = numbers.map((number) => `[${number}] DUMPLOG,ü${'€'.repeat(number % 50)}\r\n`);
    const lines = await linesOf(await fileOf(...text));
    expect(lines.map(({ line }) => line.number)).toEqual(numbers);
    expect(lines.every(({ line }) => line.type === 'command')).toBe(true);
  });
});

describe('a line that is too long', () => {
  const padded = (text: string, bytes: number): string => `${text.padEnd(bytes)}\n`;

  test.each([
    [4096, 'command'],
    [4097, 'unreadable-command'],
    [4098, 'unreadable-command'],
    [4101, 'unreadable-command'],
    [4102, 'unreadable-command'],
    [500_000, 'unreadable-command'],
  ])('of %d bytes is a %s, and the next is read', async (bytes, type) => {
    const text = padded('[1] ADD,a,1', bytes);
    const expected = [`1 1 ${type}`, '2 2 command'];
    expect(await read(text, '[2] ADD,a,1')).toEqual(expected);
    expect(await read('\ufeff', text.replace('\n', '\r\n'), '[2] ADD,a,1')).toEqual(expected);
  });

  test('is not reported as what its cut end looks like', async () => {
    const [line] = await linesOf(await fileOf(`[1] DUMPLOG,a,${'€'.repeat(2000)}`));
    expect(line).toMatchObject({ line: { type: 'unreadable-command', user: 'a' } });
    expect(line && reasonOf(line)).toMatch(/^longer than 4096 bytes; expected/);
  });

  test('is never held whole', async () => {
    const path = join(folder, 'gigabyte');
    const file = await open(path, 'w');
    await file.truncate(128 * 1024 * 1024);
    await file.close();
    const before = process.memoryUsage().rss;
    expect((await linesOf(path)).map(brief)).toEqual(['1 - unreadable']);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['nowhere', 'there is no such file'],
    ['.', 'it is a directory'],
    ['a\0b', 'null bytes'],
  ])('%j is named with the reason', async (name, reason) => {
    const path = name === '.' ? folder : join(folder, name);
    const fault = { code: 'file-unreadable', message: expect.stringContaining(reason) };
    await expect(linesOf(path)).rejects.toMatchObject(fault);
  });

  test('a reader who stops early closes it', async () => {
    for await (const batch of readWorkload(await fileOf('[1] ADD,a,1\n'), { number: false })) {
      expect(batch).toHaveLength(1);
      break;
    }
  });
});

describe('the measures of a file', () => {
  test('the hash is that of its bytes', async () => {
    const bytes = Buffer.alloc(200_000, '[1] ADD,a,1\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const workload = await openWorkload([await fileOf(bytes)]);
    expect(workload.sha256).toBe(sha256);
    await workload.close();
  });

  test.each([
    ['[1] ADD,a,1', 1],
    ['[1] ADD,a,1\n', 1],
    ['[1] ADD,a,1\n\nb', 3],
  ])('%j has %i lines', async (text, lines) => {
    const workload = await openWorkload([await fileOf(text)]);
    expect(workload.lines).toBe(lines);
    await workload.close();
  });
});
