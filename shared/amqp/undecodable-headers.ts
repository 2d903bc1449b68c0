/** Keeps a connection alive when a message has headers that the driver cannot decode. */
import type { ChannelModel } from 'amqplib';

/**
 * Replaces the headers of a message that has undecodable ones. The broker passes headers on as they
 * came, nested as deeply as fits into a frame; the driver's decoder overflows the stack on them.
 */
export const UNDECODABLE_HEADERS: Readonly<Record<string, never>> = Object.freeze({});

/** What the driver reads frames by; its types keep this to themselves. */
type FrameReader = {
  /** What has been received and is not read yet; begins with a frame. */
  rest: Buffer;
  /** Calls itself once more has arrived. Takes the frame off `rest` before it decodes it. */
  recvFrame: () => unknown;
};

/**
 * Without this the fault would end the connection, then that of the next consumer, which gets the
 * same message.
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

/** AMQP 0-9-1, 4.2.3: type, channel and size stand before the payload of a frame. */
const SIZE_AT = 3;
const PAYLOAD_AT = 7;
const TYPE_CONTENT_HEADER = 2;
/** AMQP 0-9-1, 4.2.6.1: class, weight and body size stand before the flags. */
const FLAGS_AT = PAYLOAD_AT + 12;
const HAS_HEADERS = 0x2000;
/** The properties that precede the headers: content type and content encoding, short strings both. */
const BEFORE_HEADERS = [0x8000, 0x4000];
const LENGTH_BYTES = 4;

/** The same bytes with an empty header table in their first frame; undefined if that has no headers. */
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
