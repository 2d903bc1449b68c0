/** Detects a broker that is cut off from the network by its silence on the connection. */
import type { ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';
import type { Timers } from '../runtime/timers.ts';

const CHECK_EVERY_MS = 250;
/**
 * The connection is cut after 1.5 s of silence. With a heartbeat of a second, the broker sends something
 * every second; the other half second is for a busy machine. The driver waits for two to three seconds.
 */
const SILENT_CHECKS_MAX = 6;

type Socket = Duplex & { readonly bytesRead: number };

/** Returns the socket of a connection, which the driver's types do not declare. */
export const socketOf = ({ connection }: ChannelModel): Socket =>
  (connection as unknown as { readonly stream: Socket }).stream;

/** Destroys a connection without the closing handshake, which a broker that is cut off never answers. */
export function cut(model: ChannelModel, why: string): void {
  socketOf(model).destroy(new Error(why));
}

/**
 * Cuts a connection on which nothing has arrived for 1.5 s. It counts checks instead of time, so that a
 * process that was paused does not blame the broker. Returns a function that stops watching.
 */
export function watchSilence(model: ChannelModel, timers: Timers): () => void {
  const socket = socketOf(model);
  let read = socket.bytesRead;
  let silent = 0;
  const check = (): void => {
    silent = socket.bytesRead === read ? silent + 1 : 0;
    read = socket.bytesRead;
    if (silent < SILENT_CHECKS_MAX) cancel = timers.after(CHECK_EVERY_MS, check);
    else cut(model, 'the broker has gone silent');
  };
  let cancel = timers.after(CHECK_EVERY_MS, check);
  return () => cancel();
}
