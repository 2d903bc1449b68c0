/** Ids of messages and of other things in logs: UUIDs of version 7, which sort by their time. */
import { randomFillSync } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';

const BYTES_PER_ID = 16;
/** Random bytes for many ids: a system call for each id took a seventh of a transaction consumer's time. */
const DRAWN = Buffer.allocUnsafe(BYTES_PER_ID * 256);
let used = DRAWN.length;

/** Returns a new id. */
export function newId(): string {
  if (used === DRAWN.length) {
    randomFillSync(DRAWN);
    used = 0;
  }
  const random = DRAWN.subarray(used, used + BYTES_PER_ID);
  used += BYTES_PER_ID;
  return uuidV7({ random });
}
