/**
 * Sends files that are generated while they are read. Aborts a download whose reader is too slow, and limits
 * the downloads of each account. Files are generated page by page, so that a slow reader occupies no
 * connection to the database.
 */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HttpProblem } from './http-problem.ts';
import {
  DOWNLOAD_CHUNK_CHARS,
  DOWNLOAD_MAX_MS,
  DOWNLOAD_STALLED_MS,
  DOWNLOADS_MAX,
  DOWNLOADS_OF_USER_MAX,
} from './limits.ts';

export type Download = {
  /** The account that reads. */
  readonly user: string;
  /** The media type. */
  readonly type: string;
  /** The name of the file. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<string>;
};

type DownloadBounds = { readonly stalledMs: number; readonly mostMs: number };

const BOUNDS: DownloadBounds = { stalledMs: DOWNLOAD_STALLED_MS, mostMs: DOWNLOAD_MAX_MS };

/** The downloads of one process. */
export class Downloads {
  readonly #bounds: DownloadBounds;
  readonly #open = new Map<string, number>();
  #count = 0;

  constructor(bounds: DownloadBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Sends a file. Throws `unavailable` if this account, or the process, has as many downloads as allowed. */
  async send(reply: FastifyReply, download: Download): Promise<unknown> {
    const { user, type, name, headers = {} } = download;
    const stream = this.#start(user, download.pieces);
    try {
      return await reply
        .type(type)
        .header('content-disposition', `attachment; filename="${name}"`)
        .headers({ ...headers })
        .send(stream);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  #start(user: string, pieces: AsyncIterable<string>): Readable {
    const ofUser = this.#open.get(user) ?? 0;
    if (ofUser >= DOWNLOADS_OF_USER_MAX || this.#count >= DOWNLOADS_MAX) throw busy(ofUser);
    this.#open.set(user, ofUser + 1);
    this.#count += 1;
    const stream = boundedStream(pieces, this.#bounds);
    stream.once('close', () => {
      this.#count -= 1;
      const left = (this.#open.get(user) ?? 1) - 1;
      if (left === 0) this.#open.delete(user);
      else this.#open.set(user, left);
    });
    return stream;
  }
}

/** Returns a stream that is destroyed if no chunk is read for `stalledMs`, or after `mostMs` in all. */
export function boundedStream(
  pieces: AsyncIterable<string>,
  { stalledMs, mostMs }: DownloadBounds,
): Readable {
  const breakOff = (why: string) => (): void => void stream.destroy(new Error(why));
  const stall = setTimeout(breakOff('the reader takes too little'), stalledMs);
  const total = setTimeout(breakOff('the download takes too long'), mostMs);
  const chunks = chunksOf(pieces, () => stall.refresh());
  const stream = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  stream.once('close', () => {
    clearTimeout(stall);
    clearTimeout(total);
  });
  return stream;
}

/** Cuts the pieces into small chunks, and calls `onChunk` for each that is read. */
async function* chunksOf(
  pieces: AsyncIterable<string>,
  onChunk: () => void,
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += DOWNLOAD_CHUNK_CHARS) {
      const chunk = wholeCharacters(piece, at, at + DOWNLOAD_CHUNK_CHARS);
      if (chunk === '') continue;
      onChunk();
      yield chunk;
    }
  }
}

/** Slices without splitting a surrogate pair, because each chunk is encoded by itself. */
const wholeCharacters = (text: string, from: number, to: number): string =>
  text.slice(isLowSurrogate(text, from) ? from + 1 : from, isLowSurrogate(text, to) ? to + 1 : to);

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

const busy = (ofUser: number): HttpProblem =>
  new HttpProblem(
    'unavailable',
    ofUser >= DOWNLOADS_OF_USER_MAX
      ? `you read ${ofUser} files already: try again when one of them is done`
      : 'other files are being read: try again in a while',
    { 'retry-after': '5' },
  );
