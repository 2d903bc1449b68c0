import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOwnCommand, startCommand } from '../../../shared/runtime/own-command.ts';

let folder: string;
let launcher: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade own-'));
  launcher = join(folder, 'daytrade.mjs');
  writeFileSync(launcher, '');
  mkdirSync(join(folder, 'bin'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a linked launcher is called by its name', () => {
  symlinkSync(launcher, join(folder, 'bin/daytrade'));
  expect(findOwnCommand(`/nowhere:${join(folder, 'bin')}`, launcher)).toBe('daytrade');
});

test('without a link, the advice names Node and the launcher, quoted for a shell', () => {
  expect(findOwnCommand('/nowhere', launcher)).toBe(`node '${launcher}'`);
});

test('a program of that name that is not this one is never offered', () => {
  writeFileSync(join(folder, 'bin/daytrade'), '');
  expect(findOwnCommand(join(folder, 'bin'), launcher)).toBe(`node '${launcher}'`);
});

test('the command for a start names the data folder if another than the default was given', () => {
  expect(startCommand('/home/one/.daytrade', '')).toBe('npm start');
  expect(startCommand('/srv/day trade', './day trade')).toBe(
    "DAYTRADE_HOME='/srv/day trade' npm start",
  );
});

test('a program that only `npx` finds is called through it', () => {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(launcher, join(bin, 'daytrade'));
  expect(findOwnCommand(bin, launcher)).toBe('npx --no-install daytrade');
});
