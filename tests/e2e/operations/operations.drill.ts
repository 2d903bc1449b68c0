/**
 * Backs up and restores a system that has done the whole sample, with every command that writes a file, and
 * asks the everyday commands for their help.
 */
import { describeBackUp } from './back-up.ts';
import { describeHelp } from './help.ts';

describeBackUp({
  commands: 2_000,
  printed: ['-', '/dev/stdout'].flatMap((out) => [
    ['dump', out] as const,
    ['accounts', out] as const,
    ['backup', out] as const,
  ]),
  unwritable: [
    ({ inFile }) => ['workload', '--report', inFile],
    ({ inFile }) => ['workload', '--answers', inFile],
    ({ inFile }) => ['workload', '--dump', inFile],
    ({ inFile }) => ['dump', inFile],
    ({ folder }) => ['accounts', folder],
    ({ inFile }) => ['backup', inFile],
    ({ file }) => ['archive', '--before', '2020-01', '--to', file],
    ({ inFile }) => ['generate', '--out', inFile],
  ],
});

describeHelp(['workload', 'publish', 'send', 'up', 'status']);
