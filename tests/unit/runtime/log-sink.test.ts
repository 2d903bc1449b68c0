import { describe, expect, test } from '@jest/globals';
import { openPrinter } from '../../../shared/runtime/log-sink.ts';

function printed(...chunks: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const print = openPrinter('quote-1', (line) => void lines.push(line));
  chunks.forEach((chunk) => print(Buffer.from(chunk)));
  return lines;
}

describe('standard output, which several processes share', () => {
  test('gets whole lines, even if chunks end inside them', () => {
    expect(printed('{"a":', '1}\n{"b"', ':2}\n')).toEqual(['{"a":1}\n', '{"b":2}\n']);
  });

  test('gets only JSON: output that bypasses the logger is wrapped', () => {
    const [line = '', ...rest] = printed('Error: "no"\n');
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      message: 'Error: "no"',
      process: 'quote-1',
    });
    expect(rest).toEqual([]);
  });
});
