/** A trader's dumps take no more than their quota. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { limitBytes, QUOTA_ENTRIES, roomFor } from '../../../consumers/audit/dump-quota.ts';

const EXCEEDED = { code: 'dump-quota-exceeded' };
const quotaBytes = 100;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-quota-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that is missing has all of it', async () => {
  const missing = join(folder, 'missing');
  expect(await roomFor(join(missing, 'x'), { folder: missing, quotaBytes })).toBe(100);
});

test('other dumps count, in folders too, and the one that is replaced does not', async () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/log'), 'x'.repeat(60));
  writeFileSync(join(folder, 'log'), 'x'.repeat(40));
  expect(await roomFor(join(folder, 'log'), { folder, quotaBytes })).toBe(40);
  expect(await roomFor(join(folder, 'a/b/log'), { folder, quotaBytes })).toBe(60);
  await expect(roomFor(join(folder, 'new'), { folder, quotaBytes })).rejects.toMatchObject(
    EXCEEDED,
  );
});

test('many small dumps are too many, but each may be replaced', async () => {
  for (let index = 0; index < QUOTA_ENTRIES; index += 1)
    writeFileSync(join(folder, `${index}`), '');
  await expect(roomFor(join(folder, 'new'), { folder })).rejects.toMatchObject(EXCEEDED);
  expect(await roomFor(join(folder, '7'), { folder })).toBeGreaterThan(0);
});

test('a dump that exceeds its room is stopped', async () => {
  const pass = (bytes: number): Promise<void> =>
    pipeline(Readable.from([Buffer.alloc(bytes)]), limitBytes(10), async (pieces) => {
      for await (const piece of pieces) expect(piece).toBeDefined();
    });
  await pass(10);
  await expect(pass(11)).rejects.toMatchObject(EXCEEDED);
});
