/** Noticing that a broker is cut off: an end of the connection that says nothing at all. */
import type { ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';
import type { Timers } from '../runtime/timers.ts';

const LOOK_MS = 250;
/**
 * With a heartbeat of a second the broker lets no second pass without sending something; half of one
 * more is for a machine that is busy. The driver itself waits for two to three.
 */
const SILENT_LOOKS = 6;

type Socket = Duplex & { readonly bytesRead: number };

/** The driver's types keep the socket to themselves. */
export const socketOf = ({ connection }: ChannelModel): Socket =>
  (connection as unknown as { readonly stream: Socket }).stream;

/** Ends a connection without the closing handshake, which a broker that is cut off never answers. */
export function cut(model: ChannelModel, why: string): void {
  socketOf(model).destroy(new Error(why));
}

/**
 * Cuts a connection on which nothing has come for 1.5 s. It counts looks, not time: a process that was
 * held up itself does not blame the broker. Returns what ends the watch.
 */
export function watchSilence(model: ChannelModel, timers: Timers): () => void {
  const socket = socketOf(model);
  let read = socket.bytesRead;
  let silent = 0;
  const look = (): void => {
    silent = socket.bytesRead === read ? silent + 1 : 0;
    read = socket.bytesRead;
    if (silent < SILENT_LOOKS) callOff = timers.after(LOOK_MS, look);
    else cut(model, 'the broker has gone silent');
  };
  let callOff = timers.after(LOOK_MS, look);
  return () => callOff();
}
