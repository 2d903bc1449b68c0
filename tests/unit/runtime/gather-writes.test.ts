import { describe, expect, test } from '@jest/globals';
import { Writable } from 'node:stream';
import { gatherWrites } from '../../../shared/runtime/gather-writes.ts';

/** A sink that records what it gets in one write. */
function recordingSink(): { readonly sink: Writable; readonly sent: readonly string[] } {
  const sent: string[] = [];
  const sink = new Writable({
    writev: (chunks, done) => {
      sent.push(chunks.map(({ chunk }) => String(chunk)).join('|'));
      done();
    },
  });
  return { sink: gatherWrites(sink), sent };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('writes', () => {
  test('of one turn go out together, in order, at its end', async () => {
    const { sink, sent } = recordingSink();
    sink.write('a');
    sink.write('b');
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual(['a|b']);
  });

  test('of the next turn go out by themselves', async () => {
    const { sink, sent } = recordingSink();
    sink.write('a');
    await turn();
    sink.write('b');
    await turn();
    expect(sent).toEqual(['a', 'b']);
  });

  test('under a cork of the writer’s own still end with the turn', async () => {
    const { sink, sent } = recordingSink();
    for (const each of ['a', 'b']) {
      sink.cork();
      sink.write(each);
      sink.uncork();
    }
    await turn();
    expect(sent).toEqual(['a|b']);
  });

  test('report their end, and whether there is room', async () => {
    const { sink } = recordingSink();
    const done = new Promise<void>((resolve) => {
      expect(sink.write('x'.repeat(100_000), () => resolve())).toBe(false);
    });
    await done;
  });
});
