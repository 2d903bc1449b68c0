import { describe, expect, test } from '@jest/globals';
import { pastTime } from '../../../infra/cli/past-time.ts';
import { firstSegmentOf } from '../../../infra/services/replicated/checkpoints.ts';

describe('the moment of a restore', () => {
  test.each(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678+00:00', '2026-01-02 03:04:05Z'])(
    '%s is one',
    (text) => {
      expect(pastTime('--to')(text).toISOString()).toMatch(/^2026-01-02T03:04:05\./);
    },
  );

  test.each(['yesterday', '', '2026-01-02T03:04:05', '2026-01-02', '2999-01-01T00:00:00Z'])(
    '%s is refused: it needs a zone, and to be past',
    (text) => {
      expect(() => pastTime('--to')(text)).toThrow(/expected a past time with its zone/);
    },
  );
});

describe('the label of a checkpoint', () => {
  test('names the first file of the log that it needs', () => {
    const label =
      'START WAL LOCATION: 0/9000028 (file 000000020000000000000009)\n' +
      'CHECKPOINT LOCATION: 0/9000060\n';
    expect(firstSegmentOf(label)).toBe('000000020000000000000009');
  });

  test('that does not exist is a fault, and nothing is deleted by it', () => {
    expect(() => firstSegmentOf('CHECKPOINT LOCATION: 0/9000060\n')).toThrow(/no label/);
  });
});
