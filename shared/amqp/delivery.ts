/** A message that the broker delivered. */
import type { TraceParent } from '../runtime/tracing.ts';

export type Delivery = {
  readonly body: Buffer;
  readonly messageId: string;
  readonly correlationId: string | undefined;
  readonly replyTo: string | undefined;
  readonly type: string | undefined;
  /** Whether the broker has delivered the message before. */
  readonly redelivered: boolean;
  /** Whether the message has headers that could not be decoded. */
  readonly hasUndecodableHeaders?: boolean;
  /** The parent spans for messages published because of this one; undefined if it is in no trace. */
  readonly trace?: readonly TraceParent[] | undefined;
  /** Whether the message's channel is still open. If it is not, the broker delivers the message again. */
  isOpen(): boolean;
};

/** A delivery as only the messaging kernel sees it. */
export type UnackedDelivery = Delivery & {
  /** Acks the message. Does nothing if its channel is closed. */
  ack(): void;
};
