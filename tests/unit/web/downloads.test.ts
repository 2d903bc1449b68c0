/** A download ends whatever its reader does. */
import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { boundedStream, Downloads } from '../../../producers/web/server/parts/downloads.ts';
import {
  DOWNLOAD_CHUNK_CHARS,
  DOWNLOADS_MAX,
  DOWNLOADS_OF_USER_MAX,
} from '../../../producers/web/server/parts/limits.ts';

const LONG_MS = 60_000;

async function* pieces(count: number, text = 'x'.repeat(100)): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    yield text;
  }
}

const faultOf = async (stream: Readable): Promise<string> => {
  const [error] = (await once(stream, 'error')) as [Error];
  return error.message;
};

describe('a stream of a download', () => {
  test('breaks when its reader takes nothing', async () => {
    const stream = boundedStream(pieces(1_000), { stalledMs: 20, mostMs: LONG_MS });
    await expect(faultOf(stream)).resolves.toBe('the reader takes too little');
  });

  test('breaks when it takes too long in all, however steadily it is read', async () => {
    const stream = boundedStream(pieces(Infinity), { stalledMs: LONG_MS, mostMs: 20 });
    stream.resume();
    await expect(faultOf(stream)).resolves.toBe('the download takes too long');
  });

  test('has small chunks that part no character', async () => {
    const text = `x${'\u{1f4c8}'.repeat(DOWNLOAD_CHUNK_CHARS)}`;
    const chunks: string[] = [];
    const stream = boundedStream(pieces(2, text), { stalledMs: LONG_MS, mostMs: LONG_MS });
    for await (const chunk of stream) chunks.push(String(chunk));
    expect(chunks.join('')).toBe(text + text);
    expect(chunks.every((chunk) => /^\P{Cs}+$/u.test(chunk))).toBe(true);
    expect(Math.max(...chunks.map(({ length }) => length))).toBe(DOWNLOAD_CHUNK_CHARS + 1);
  });
});

describe('downloads at once', () => {
  const open = (downloads: Downloads, user: string, streams: Readable[] = []): Promise<unknown> => {
    const reply = {
      type: () => reply,
      header: () => reply,
      headers: () => reply,
      send: (stream: Readable) => void streams.push(stream),
    };
    const download = { user, type: 'text/plain', name: 'x', pieces: pieces(1) };
    return downloads.send(reply as unknown as FastifyReply, download);
  };

  test('of one account leave room for others, and are few', async () => {
    const downloads = new Downloads();
    const streams: Readable[] = [];
    for (let index = 0; index < DOWNLOADS_OF_USER_MAX; index += 1) {
      await open(downloads, 'greedy', streams);
    }
    await expect(open(downloads, 'greedy')).rejects.toMatchObject({ code: 'unavailable' });
    await open(downloads, 'other', streams);
    const [first] = streams;
    if (first === undefined) throw new TypeError('nothing is read');
    first.destroy();
    await once(first, 'close');
    await open(downloads, 'greedy', streams);
    for (const stream of streams) stream.destroy();
  });

  test('of everybody are bounded', async () => {
    const downloads = new Downloads();
    const streams: Readable[] = [];
    for (let index = 0; index < DOWNLOADS_MAX; index += 1) {
      await open(downloads, `user-${index}`, streams);
    }
    await expect(open(downloads, 'one-more')).rejects.toMatchObject({ code: 'unavailable' });
    for (const stream of streams) stream.destroy();
  });
});
