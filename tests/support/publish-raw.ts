/** Publishes headers that the driver cannot encode, by writing the frames itself. */
import { socketOf } from '../../shared/amqp/broker-silence.ts';
import { openLink, type OnConnection } from '../../shared/amqp/link.ts';
import { recordingLogger } from './recording-logger.ts';

const FRAME_HEADER = 2;
const FRAME_METHOD = 1;
const FRAME_BODY = 3;
const FRAME_END = Buffer.from([0xce]);
const CLASS_BASIC = 60;
const METHOD_PUBLISH = 40;
const HEADERS = 0x2000;
const FIRST_CHANNEL = 1;

export type RawPublication = {
  readonly exchange: string;
  readonly key: string;
  readonly body: Buffer;
  /** The content of the header table, encoded. */
  readonly headers: Buffer;
};

/** Resolves once the broker has the message. Rejects with the error of the broker if it refuses it. */
export async function publishRaw(url: string, publication: RawPublication): Promise<void> {
  let refusal: unknown;
  const publish: OnConnection = async (model) => {
    model.on('error', (error: unknown) => (refusal = error));
    const channel = await model.createChannel();
    socketOf(model).write(framesOf(publication));
    try {
      // The broker answers in order: now the message is in its queue, or the connection is closed.
      await channel.checkExchange(publication.exchange);
    } catch (cause) {
      refusal ??= cause;
    }
  };
  const link = await openLink({ url, name: 'raw publisher', log: recordingLogger() });
  await link.listen(publish);
  link.unlisten(publish);
  await link.close();
  if (refusal instanceof Error) throw refusal;
}

function framesOf({ exchange, key, body, headers }: RawPublication): Buffer {
  const method = [short(CLASS_BASIC), short(METHOD_PUBLISH), short(0)];
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length));
  const properties = [short(CLASS_BASIC), short(0), size, short(HEADERS), long(headers.length)];
  return Buffer.concat([
    frame(FRAME_METHOD, ...method, text(exchange), text(key), Buffer.from([0])),
    frame(FRAME_HEADER, ...properties, headers),
    frame(FRAME_BODY, body),
  ]);
}

function frame(type: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const size = long(payload.length);
  return Buffer.concat([Buffer.from([type]), short(FIRST_CHANNEL), size, payload, FRAME_END]);
}

/** Encodes nested tables, each under an empty key. */
export const nestedTables = (depth: number): Buffer => nested('F', 6, depth, Buffer.from([0]));
/** Encodes nested arrays below one key. */
export const nestedArrays = (depth: number): Buffer =>
  Buffer.concat([Buffer.from([0]), nested('A', 5, depth, Buffer.alloc(0))]);

function nested(tag: string, each: number, depth: number, key: Buffer): Buffer {
  const levels = Array.from({ length: depth }, (_, level) =>
    Buffer.concat([key, Buffer.from(tag), long((depth - level - 1) * each)]),
  );
  return Buffer.concat(levels);
}

/** Encodes one header. */
export const header = (name: string | Buffer, tag: string, value: Buffer): Buffer =>
  Buffer.concat([text(name), Buffer.from(tag), value]);

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
