/** Keeps a connection alive when a message has headers that the driver cannot decode. */
import type { ChannelModel } from 'amqplib';

/**
 * Stands for the headers of a message that cannot be decoded. The broker passes on headers nested as
 * deeply as a frame can hold, on which the driver's decoder overflows the stack.
 */
export const UNDECODABLE_HEADERS: Readonly<Record<string, never>> = Object.freeze({});

/** The part of the driver's connection that reads frames; its types do not declare it. */
type FrameReader = {
  /** The bytes received and not read yet, starting with a frame. */
  rest: Buffer;
  /** Reads a frame and removes it from `rest` before decoding it. Calls itself after reading more bytes. */
  recvFrame: () => unknown;
};

/**
 * Makes the driver decode a message whose headers it cannot decode as one with `UNDECODABLE_HEADERS`.
 * Otherwise the error would close the connection, and then that of each next consumer of the message.
 */
export function surviveUndecodableHeaders({ connection }: ChannelModel): void {
  const reader = connection as unknown as FrameReader;
  const receive = reader.recvFrame.bind(reader);
  reader.recvFrame = () => {
    const frames = reader.rest;
    try {
      return receive();
    } catch (error) {
      const isTaken = reader.rest.length < frames.length;
      const stripped = isTaken ? withoutHeaders(frames) : undefined;
      if (stripped === undefined) throw error;
      reader.rest = stripped;
      return marked(receive());
    }
  };
}

function marked(frame: unknown): unknown {
  const { fields } = frame as { fields: Record<string, unknown> };
  fields['headers'] = UNDECODABLE_HEADERS;
  return frame;
}

/** AMQP 0-9-1, 4.2.3: type, channel and size precede the payload of a frame. */
const SIZE_AT = 3;
const PAYLOAD_AT = 7;
const TYPE_CONTENT_HEADER = 2;
/** AMQP 0-9-1, 4.2.6.1: class, weight and body size precede the flags. */
const FLAGS_AT = PAYLOAD_AT + 12;
const HAS_HEADERS = 0x2000;
/** The flags of the properties that precede the headers: content type and encoding, both short strings. */
const BEFORE_HEADERS = [0x8000, 0x4000];
const LENGTH_BYTES = 4;

/** Returns the bytes with an empty header table in their first frame; undefined if that has no headers. */
export function withoutHeaders(frames: Buffer): Buffer | undefined {
  const flags = frames[0] === TYPE_CONTENT_HEADER ? frames.readUInt16BE(FLAGS_AT) : 0;
  if ((flags & HAS_HEADERS) === 0) return undefined;
  let at = FLAGS_AT + 2;
  for (const flag of BEFORE_HEADERS) if ((flags & flag) !== 0) at += 1 + frames.readUInt8(at);
  const length = frames.readUInt32BE(at);
  const after = frames.subarray(at + LENGTH_BYTES + length);
  const stripped = Buffer.concat([frames.subarray(0, at), Buffer.alloc(LENGTH_BYTES), after]);
  stripped.writeUInt32BE(frames.readUInt32BE(SIZE_AT) - length, SIZE_AT);
  return stripped;
}
