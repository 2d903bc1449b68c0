import { describe, expect, test } from '@jest/globals';
import { exitCodeOf, renderFault } from '../../../infra/cli/exit-code.ts';
import { InterruptedError, TransientError } from '../../../shared/runtime/errors.ts';

const fault = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

const refused = fault('connect ECONNREFUSED 127.0.0.1:5432', {
  ...{ code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 5432 },
});
const database = (code: string, message: string): Error =>
  fault(message, { code, severity: 'FATAL' });
const file = (code: string): Error =>
  fault(`${code}: …, open '/out'`, { code, syscall: 'open', path: '/out' });

describe('a fault that no command foresaw', () => {
  test.each<[string, unknown, RegExp, number]>([
    ['a database that is away', refused, /database at 127\.0\.0\.1:5432 \(DATABASE_URL\)/, 1],
    ['one of several addresses', new AggregateError([refused], ''), /database at 127/, 1],
    ['a connection that ended', new Error('Connection terminated unexpectedly'), /DATABASE_URL/, 1],
    [
      'a connection that was given up, in the driver’s words alone',
      new TransientError(
        'database-unavailable',
        'Connection terminated due to connection timeout',
        {
          cause: new Error('Connection terminated due to connection timeout'),
        },
      ),
      /The database \(DATABASE_URL\) does not answer/,
      1,
    ],
    ['a wrong password', database('28P01', 'password authentication failed'), /password/, 78],
    ['a database that is not there', database('3D000', 'does not exist'), /DATABASE_URL/, 78],
    ['a database that stops', database('57P01', 'terminating connection'), /try again/, 1],
    ['a full database', database('53100', 'No space left on device'), /disk/, 1],
    ['a folder instead of a file', file('EISDIR'), /\/out: it is a folder/, 1],
    ['a file that may not be written', file('EACCES'), /\/out: permission denied/, 1],
    [
      'a folder in the place of a file that was written',
      fault('EISDIR: rename', { code: 'EISDIR', path: '/out.part', dest: '/out' }),
      /\/out: it is a folder/,
      1,
    ],
    ['a full disk', file('ENOSPC'), /\/out: no space is left/, 1],
    [
      'an answer that never came',
      new TypeError('fetch failed', { cause: refused }),
      /does not answer: connection refused/,
      1,
    ],
    ['a broker that refuses', new Error('Operation failed: QueueDeclare; 404'), /AMQP_URL/, 1],
    [
      'an address that is not here',
      fault('listen EADDRNOTAVAIL', {
        code: 'EADDRNOTAVAIL',
        syscall: 'listen',
        address: '9.9.9.9',
      }),
      /9\.9\.9\.9.*BIND/,
      78,
    ],
    ['a defect', new TypeError('x is not a function'), /defect.*LOG_LEVEL=debug/, 1],
    [
      'a fault that only mentions a broker',
      new Error('Unexpected token in brokers.json'),
      /^A defect of this program: Unexpected token in brokers\.json/,
      1,
    ],
    ['a broker that gives no answer', new Error('the broker said nothing'), /AMQP_URL/, 1],
    ['what is no error at all', 'gone', /gone/, 1],
  ])('%s is one line without a stack', (_what, error, line, exitCode) => {
    const lines = renderFault(error);
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(lines.join('\n')).not.toMatch(/^\s+at /m);
    expect(exitCodeOf(error)).toBe(exitCode);
  });

  test('an interrupt is no fault', () => {
    expect([renderFault(new InterruptedError('')), exitCodeOf(new InterruptedError(''))]).toEqual([
      [],
      130,
    ]);
  });
});
