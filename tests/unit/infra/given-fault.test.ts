import { describe, expect, test } from '@jest/globals';
import { judgeGiven, firstReasonOf } from '../../../infra/services/given-fault.ts';

const withCode = (code: string, message = code): Error =>
  Object.assign(new Error(message), { code });

describe('a given service that is worth waiting for', () => {
  test.each([
    ['is refused', withCode('ECONNREFUSED')],
    ['is refused at each address', new AggregateError([withCode('ECONNREFUSED')], '')],
    ['has no name yet', withCode('ENOTFOUND')],
    ['has no name server yet', withCode('EAI_AGAIN')],
    ['is starting up', withCode('57P03', 'the database system is starting up')],
    ['does not answer', new Error('timeout expired')],
    ['breaks off', new Error('Connection terminated unexpectedly')],
    ['breaks off a handshake', new Error('Socket closed abruptly during opening handshake')],
    ['has a certificate of tomorrow', withCode('CERT_NOT_YET_VALID')],
    ['breaks off TLS', withCode('EPROTO', 'write EPROTO')],
    ['is an API that refuses', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
  ])('%s', (_what, error) => {
    expect(judgeGiven(error)).toMatchObject({ passes: true, isConfig: false });
  });

  test('an untrusted certificate is waited for, and then is a configuration error', () => {
    const fault = judgeGiven(withCode('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'));
    expect(fault).toMatchObject({ passes: true, isConfig: true });
    expect(fault.advice).toContain('sslrootcert=');
  });
});

describe('a given service that waiting does not help', () => {
  test.each([
    ['has no TLS', new Error('The server does not support SSL connections'), 'sslmode=disable'],
    ['is a pooler', new Error('unsupported startup parameter: options'), 'PostgreSQL itself'],
    ['takes TLS alone', new Error('no pg_hba.conf entry for host "::1", no encryption'), 'sslmode'],
    ['refuses the password', withCode('28P01', 'password authentication failed'), 'password'],
    [
      'speaks no TLS',
      withCode('EPROTO', 'SSL routines:ssl3_get_record:wrong version number'),
      'amqp://',
    ],
  ])('%s', (_what, error, advice) => {
    const fault = judgeGiven(error);
    expect(fault).toMatchObject({ passes: false, isConfig: true });
    expect(fault.advice).toContain(advice);
    expect(fault.advice).not.toContain('\n');
  });
});

test('the reason is one line: the first of several that has content', () => {
  const error = new AggregateError([new Error('connect ECONNREFUSED\n ::1:5432')], '');
  expect(firstReasonOf(error)).toBe('connect ECONNREFUSED ::1:5432');
});
