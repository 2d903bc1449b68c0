import { describe, expect, test } from '@jest/globals';
import {
  surviveUndecodableHeaders,
  UNDECODABLE_HEADERS,
  withoutHeaders,
} from '../../../shared/amqp/undecodable-headers.ts';

type Model = Parameters<typeof surviveUndecodableHeaders>[0];

const CONTENT_TYPE = '\x04text';
const TABLE = '\x00\x00\x00\x03abc';
const EMPTY_TABLE = '\x00\x00\x00\x00';
const AFTER = '\x02\xce';

/** Makes a content header frame with a content type and the given bytes after the flags. */
function frame(fields: string, flags = 0xa000): Buffer {
  const start = Buffer.alloc(7 + 12 + 2);
  start[0] = 2;
  start.writeUInt32BE(14 + fields.length - 1, 3);
  start.writeUInt16BE(flags, 19);
  return Buffer.concat([start, Buffer.from(fields, 'latin1')]);
}

describe('a frame whose headers cannot be decoded', () => {
  test('loses them and keeps its other properties and the frames after it', () => {
    const next = Buffer.from('next');
    const found = withoutHeaders(Buffer.concat([frame(CONTENT_TYPE + TABLE + AFTER), next]));
    expect(found).toEqual(Buffer.concat([frame(CONTENT_TYPE + EMPTY_TABLE + AFTER), next]));
  });

  test('is left alone if it has no headers or is of another type', () => {
    expect(withoutHeaders(frame(CONTENT_TYPE + AFTER, 0x8000))).toBeUndefined();
    const method = frame(CONTENT_TYPE + TABLE + AFTER);
    method[0] = 1;
    expect(withoutHeaders(method)).toBeUndefined();
    expect(withoutHeaders(Buffer.alloc(0))).toBeUndefined();
  });

  test('is decoded again without them, and marked', () => {
    const broken = frame(CONTENT_TYPE + TABLE + AFTER);
    let calls = 0;
    const connection = {
      rest: broken,
      recvFrame: (): unknown => {
        calls += 1;
        connection.rest = Buffer.alloc(0);
        if (calls === 1) throw new RangeError('Maximum call stack size exceeded');
        return { fields: { headers: {}, messageId: 'kept' } };
      },
    };
    surviveUndecodableHeaders({ connection } as unknown as Model);
    const read = connection.recvFrame() as { fields: Record<string, unknown> };
    expect(read.fields['messageId']).toBe('kept');
    expect(read.fields['headers']).toBe(UNDECODABLE_HEADERS);
  });

  test('that is no frame of the protocol still ends the connection', () => {
    const connection = {
      rest: frame(CONTENT_TYPE + TABLE + AFTER),
      recvFrame: (): unknown => {
        throw new Error('Invalid frame');
      },
    };
    surviveUndecodableHeaders({ connection } as unknown as Model);
    expect(() => connection.recvFrame()).toThrow('Invalid frame');
  });
});
