/** Outputs are checked before the run, appear whole, and replace nothing that is not a file. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkOutput,
  checkOutputFolder,
  openLineOutput,
  refuseSameOutput,
  STANDARD_OUTPUT,
  writeOutput,
  writeText,
} from '../../../infra/cli/output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

async function write(path: string, text: string): Promise<void> {
  const place = await checkOutput(path);
  await writeOutput(place, (stream) => writeText(stream, text));
}

describe('the check', () => {
  test('makes missing folders, and leaves nothing else', async () => {
    await checkOutput(at('a/b/out'));
    expect(readdirSync(at('a/b'))).toEqual([]);
  });

  test.each(['file/out', 'folder'])('refuses %s, and names it', async (name) => {
    writeFileSync(at('file'), '');
    mkdirSync(at('folder'));
    await expect(checkOutput(at(name))).rejects.toMatchObject({
      code: 'file-unwritable',
      message: expect.stringMatching(`^Cannot write ${at(name)}: [^\n]+$`),
    });
  });

  test('refuses a folder of outputs that is a file', async () => {
    writeFileSync(at('file'), '');
    await expect(checkOutputFolder(at('file'))).rejects.toMatchObject({ code: 'file-unwritable' });
  });

  test('takes - for standard output', async () => {
    expect(await checkOutput('-')).toBe(STANDARD_OUTPUT);
  });

  test('refuses two outputs in one place', async () => {
    const [one, same] = [await checkOutput(at('out')), await checkOutput(at('x/../out'))];
    expect(() => refuseSameOutput([one, same])).toThrow(at('out'));
  });
});

describe('a file', () => {
  test('appears when it is complete, readable by its owner only', async () => {
    const place = await checkOutput(at('out'));
    await writeOutput(place, async (stream) => {
      await writeText(stream, 'half');
      expect(existsSync(at('out'))).toBe(false);
      await writeText(stream, ', whole');
    });
    expect(readFileSync(at('out'), 'utf8')).toBe('half, whole');
    expect(statSync(at('out')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('stays as it was if writing fails, and keeps its mode if it is replaced', async () => {
    writeFileSync(at('out'), 'before', { mode: 0o640 });
    const place = await checkOutput(at('out'));
    const failing = writeOutput(place, async (stream) => {
      await writeText(stream, 'after');
      throw new Error('the database is gone');
    });
    await expect(failing).rejects.toThrow('the database is gone');
    expect(readFileSync(at('out'), 'utf8')).toBe('before');
    await write(at('out'), 'after');
    expect(readFileSync(at('out'), 'utf8')).toBe('after');
    expect(statSync(at('out')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  test('may have a name as long as the disk takes', async () => {
    await write(at('x'.repeat(255)), 'text');
    expect(readdirSync(folder)).toEqual(['x'.repeat(255)]);
  });

  test('is written line by line while a run goes on', async () => {
    const lines = await openLineOutput(await checkOutput(at('out')));
    lines.write('one');
    lines.write('two');
    await lines.close();
    expect(readFileSync(at('out'), 'utf8')).toBe('one\ntwo\n');
  });
});

describe('a special file is written into, and stays', () => {
  test('a FIFO', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const read = readFile(at('fifo'), 'utf8');
    await write(at('fifo'), 'through the pipe');
    expect(await read).toBe('through the pipe');
    expect(lstatSync(at('fifo')).isFIFO()).toBe(true);
  });

  test.each(['target', 'new'])('a symbolic link to %s', async (target) => {
    writeFileSync(at('target'), 'something longer than it');
    symlinkSync(target, at('link'));
    await write(at('link'), 'text');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at(target), 'utf8')).toBe('text');
  });

  test('a device', async () => {
    await write('/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('a device that is full says so in one line', async () => {
    await expect(write('/dev/full', 'text')).rejects.toMatchObject({
      code: 'file-unwritable',
      message: 'Cannot write /dev/full: ENOSPC: no space left on device',
    });
  });
});
