import { describe, expect, test } from '@jest/globals';
import { eventStreamParser } from '../../../producers/web/client/src/pure/parse-event-stream.ts';

const TEXT = ': hello\n\nevent: entry\nid: 42\ndata: {"a":1}\n\nevent: quote\ndata: {"b":2}\n\n';

describe('a stream of events', () => {
  test('gives each event, and none for a comment', () => {
    expect(eventStreamParser()(TEXT)).toEqual([
      { name: 'entry', data: '{"a":1}', id: '42' },
      { name: 'quote', data: '{"b":2}', id: undefined },
    ]);
  });

  test('is the same however it is cut into pieces', () => {
    const whole = eventStreamParser()(TEXT);
    for (let size = 1; size < TEXT.length; size += 1) {
      const parse = eventStreamParser();
      const pieces = TEXT.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(pieces.flatMap((piece) => parse(piece))).toEqual(whole);
    }
  });

  test('joins the lines of data, and takes the other kind of line end', () => {
    expect(eventStreamParser()('data: a\r\ndata: b\r\n\r\n')).toEqual([
      { name: 'message', data: 'a\nb', id: undefined },
    ]);
  });
});
