import { describe, expect, test } from '@jest/globals';
import { cyclesIn, importsIn } from '../../support/imports.ts';

test('imports are found in each of their forms', () => {
  const text = [
    `import './one.ts';`,
    `import type { Two } from '../two.ts';`,
    `import {\n  three,\n} from './three.ts';`,
    `export { four } from './four.mjs';`,
    `const { five } = await import('./parts/five.tsx');`,
    `import { six } from 'six';`,
  ].join('\n');
  expect(importsIn('shared/pg/file.ts', text)).toEqual([
    'shared/pg/one.ts',
    'shared/two.ts',
    'shared/pg/three.ts',
    'shared/pg/four.mjs',
    'shared/pg/parts/five.tsx',
  ]);
});

describe('cycles', () => {
  test('a tree and a diamond have none', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
    ]);
    expect(cyclesIn(graph)).toEqual([]);
  });

  test('a pair and a longer ring are found', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['a', 'c']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    expect(cyclesIn(graph)).toEqual([
      ['a', 'b', 'a'],
      ['b', 'c', 'd', 'b'],
    ]);
  });
});
