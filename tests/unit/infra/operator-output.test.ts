/** Tests what commands print for people and for programs. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { renderFindings } from '../../../infra/cli/findings.ts';
import { canDraw } from '../../../infra/cli/output.ts';
import { namedIn } from '../../../infra/cli/rolling-restart.ts';

const RUNNING = ['transaction-1', 'transaction-2', 'audit-1'];

describe('the names of a rolling restart', () => {
  test('a pool stands for its processes, as in logs', () => {
    expect(namedIn(RUNNING, ['transaction', 'audit-1'])).toEqual(RUNNING);
  });

  test('an unknown name is refused with the list of known ones', () => {
    expect(() => namedIn(RUNNING, ['trans'])).toThrow(/transaction-1/);
  });
});

describe('a terminal', () => {
  const term = process.env['TERM'];
  afterEach(() => {
    if (term === undefined) delete process.env['TERM'];
    else process.env['TERM'] = term;
  });

  test.each([
    ['xterm', true, true],
    ['dumb', true, false],
    ['xterm', false, false],
  ])('TERM=%s, a terminal: %s, takes escapes: %s', (name, isTTY, draws) => {
    process.env['TERM'] = name;
    expect(canDraw({ isTTY })).toBe(draws);
  });
});

describe('the findings of a verification', () => {
  const held = { name: 'money', looked: 3, offenders: 0, first: [] };
  const unknown = { ...held, name: 'parked', looked: 0, notChecked: 'the broker is away' };

  test('a check that was not made is never counted as one that holds', () => {
    const text = renderFindings([held, unknown]);
    expect(text).toMatch(/not checked {2}parked {2}the broker is away/);
    expect(text).toContain('1 were not checked');
    expect(text).not.toContain('All invariants hold.');
  });

  test('all checks that were made and hold are reported as holding', () => {
    expect(renderFindings([held])).toContain('All invariants hold.');
  });
});
