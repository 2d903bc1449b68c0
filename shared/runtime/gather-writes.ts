/** Gathers the writes to a socket in one turn of the event loop. */
import type { Writable } from 'node:stream';

/**
 * Corks the socket at the first write and uncorks it on the next tick. Both drivers write each statement or
 * frame alone, which costs a system call and wakes the server each time; gathered, they cost one of each.
 * Changes and returns the given socket.
 */
export function gatherWrites<Socket extends Writable>(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let isHeld = false;
  socket.write = (...given: unknown[]): boolean => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      process.nextTick(() => {
        isHeld = false;
        socket.uncork();
      });
    }
    return write(...given);
  };
  return socket;
}
