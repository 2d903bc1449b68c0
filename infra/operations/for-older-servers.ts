/** Makes what `pg_restore` writes acceptable to servers older than it. */
import { Transform } from 'node:stream';

/** PostgreSQL 17's programs turn off a limit that is off by default and that servers before 17 do not know. */
const UNKNOWN_BEFORE_17 = 'SET transaction_timeout = 0;\n';

/** The settings stand before everything else, in the first piece that the program writes. */
export function forOlderServers(): Transform {
  let isFirst = true;
  return new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      const at = isFirst ? piece.indexOf(UNKNOWN_BEFORE_17) : -1;
      isFirst = false;
      if (at < 0) done(null, piece);
      else
        done(
          null,
          Buffer.concat([piece.subarray(0, at), piece.subarray(at + UNKNOWN_BEFORE_17.length)]),
        );
    },
  });
}
