/** Backs up and restores a system. `npm run drill -- operations` does it with more commands and outputs. */
import { describeBackUp } from './back-up.ts';

describeBackUp({
  commands: 300,
  printed: [
    ['dump', '-'],
    ['backup', '/dev/stdout'],
  ],
  unwritable: [
    ({ inFile }) => ['workload', '--report', inFile],
    ({ folder }) => ['accounts', folder],
  ],
});
