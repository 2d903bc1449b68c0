import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateWorkload } from '../../producers/workload/generate.ts';
import type { NumberedLine } from '../../producers/workload/read-workload.ts';
import { COMMAND_NAMES } from '../../shared/domain/command-catalogue.ts';
import { countKinds, LINE_KINDS, linesOf } from './command-tables.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKLOADS = join(ROOT, 'workloads');
const REAL_WORKLOADS = join(ROOT, '..', 'shared', 'workloads');

const kindsOf = (lines: readonly NumberedLine[]): readonly string[] =>
  lines.map(({ line }) => LINE_KINDS[line.type]);

/** The cells of the README's table rows whose first cell is of some form. */
function rowsOf(first: RegExp): readonly (readonly string[])[] {
  const rows = readFileSync(join(WORKLOADS, 'README.md'), 'utf8').split('\n');
  const cells = rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  return cells.filter(([cell = '']) => first.test(cell));
}

describe('the workload files', () => {
  const counts = rowsOf(/\.workload`$/).map(([name = '', ...cells]) => ({
    name: name.replaceAll('`', ''),
    expected: cells.map(Number),
  }));

  test('are those the README counts', () => {
    const files = readdirSync(WORKLOADS).filter((name) => name !== 'README.md');
    expect(counts.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  });

  test.each(counts)('$name has the lines the README says', async ({ name, expected }) => {
    expect(countKinds(await linesOf(join(WORKLOADS, name)))).toEqual(expected);
  });

  test('each bad line is what the README says it is', async () => {
    const documented = rowsOf(/^\d+$/).map(([line = '', , kind = '']) => `${line} ${kind}`);
    const lines = await linesOf(join(WORKLOADS, 'bad-lines.workload'));
    const kinds = kindsOf(lines).map((kind, index) => `${lines[index]?.lineNumber ?? ''} ${kind}`);
    expect(['2 blank', ...kinds].toSorted()).toEqual(documented.toSorted());
  });

  test('the bad lines are still the bytes that are bad', async () => {
    const bytes = await readFile(join(WORKLOADS, 'bad-lines.workload'));
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.includes(0xff)).toBe(true);
    expect(bytes.toString('latin1').split('\r\n')).toHaveLength(18);
    expect(bytes.at(-1)).not.toBe(0x0a);
  });

  test('every command is in the file of every command', async () => {
    const lines = await linesOf(join(WORKLOADS, 'every-command.workload'));
    const names = lines.map(({ line }) => (line.type === 'command' ? line.command.type : ''));
    expect(COMMAND_NAMES.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('the sample is what the generator makes', async () => {
    const shape = { users: 10, commands: 2000, seed: 7, symbols: 12 };
    const sample = await readFile(join(WORKLOADS, 'sample.workload'), 'utf8');
    expect(sample).toBe(`${[...generateWorkload(shape)].join('\n')}\n`);
  });
});

const realTest = existsSync(REAL_WORKLOADS) ? test.each : test.skip.each;

describe('the real workload files (skipped where ../shared/workloads is not beside the checkout)', () => {
  realTest([
    ['everyCommand', [21, 0, 0]],
    ['1userWorkLoad', [100, 0, 0]],
    ['10userWorkLoad', [9999, 1, 0]],
  ])('%s is read to its end', async (name, expected) => {
    expect(countKinds(await linesOf(join(REAL_WORKLOADS, name)))).toEqual(expected);
  });
});
