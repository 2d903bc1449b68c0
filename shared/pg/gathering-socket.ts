/** A socket that sends together what is written in one turn of the event loop. */
import { Socket } from 'node:net';

/**
 * The driver corks and uncorks around every statement: each is a system call, and wakes the server. Held
 * until the turn ends, a pipeline of a dozen is one of each.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  const cork = socket.cork.bind(socket);
  let isHeld = false;
  socket.cork = () => {
    cork();
    if (isHeld) return;
    isHeld = true;
    cork();
    process.nextTick(() => {
      isHeld = false;
      socket.uncork();
    });
  };
  return socket;
}
