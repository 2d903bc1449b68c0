/** Sending together what is written to a socket in one turn of the event loop. */
import type { Writable } from 'node:stream';

/**
 * Both drivers write every statement or frame by itself: each is a system call, and wakes the server.
 * Held until the turn ends, they are one of each. Returns the same socket.
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
