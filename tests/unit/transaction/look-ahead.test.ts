import { beforeEach, describe, expect, test } from '@jest/globals';
import { openLookAhead, type LookAhead } from '../../../consumers/transaction/lane-quotes.ts';
import type { Task } from '../../../consumers/transaction/lanes.ts';
import { instant } from '../../../shared/domain/time.ts';
import type { Outcome } from '../../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import { manualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { taskOf } from '../../support/run-commands.ts';
import { symbolOf, userOf } from '../../support/quote-names.ts';

let timers: ManualTimers;
let asked: string[];
let ahead: LookAhead;

beforeEach(() => {
  timers = manualTimers();
  asked = [];
  ahead = openLookAhead({ askAhead: (symbol, { id }) => asked.push(`${symbol} ${id}`) }, timers);
});

/** Makes a message of `QUOTE`s of these symbols; `.` stands for a command that needs no quote. */
const message = (position: number, symbols: string, stream = 'run'): UserCommands => ({
  type: 'commands',
  user: userOf('alice'),
  stream,
  position,
  administrator: false,
  again: false,
  commands: Array.from(symbols, (symbol, index) => ({
    number: position + index,
    command: symbol === '.' ? { type: 'COMMIT_BUY' } : { type: 'QUOTE', symbol: symbolOf(symbol) },
  })),
});

const DONE: Outcome = { is: 'done' };
const OK: Outcome = { is: 'accepted', answer: {} };

/** Commits outcomes of a message from its `from`-th command on. */
function commit(
  sent: UserCommands,
  outcomes: readonly Outcome[],
  { from = 0, expected }: { readonly from?: number; readonly expected?: number } = {},
): void {
  const next = from + outcomes.length;
  const task: Task = { ...taskOf(sent), next, outcomes: [...outcomes], expected };
  ahead.learn({ task, outcomes, ...(expected !== undefined && { expected }) });
}

describe('looking ahead', () => {
  test('defers the first messages of a stream until its position is known', () => {
    const [first, second] = [message(1, '.AB'), message(4, 'CD')];
    ahead.add(first);
    ahead.add(second);
    expect(asked).toEqual([]);
    commit(first, [OK]);
    expect(asked).toEqual(['A alice/run/2', 'B alice/run/3', 'C alice/run/4', 'D alice/run/5']);
  });

  test('asks at once for commands beyond the known position', () => {
    commit(message(1, '..'), [OK, OK]);
    ahead.add(message(3, 'A.B'));
    expect(asked).toEqual(['A alice/run/3', 'B alice/run/5']);
  });

  test('asks for nothing that is done, even if no flag marks the repeat', () => {
    commit(message(1, '....'), [OK, OK, OK, OK]);
    ahead.add(message(1, 'ABCD'));
    ahead.add(message(3, 'ABCD'));
    expect(asked).toEqual(['C alice/run/5', 'D alice/run/6']);
  });

  test('does not trust a position that was done before, because more may be done', () => {
    const again = message(1, 'AB');
    ahead.add(again);
    ahead.add(message(3, 'CD'));
    commit(again, [DONE, DONE]);
    ahead.add(message(5, 'EF'));
    expect(asked).toEqual([]);
    commit(message(5, 'EF'), [DONE, OK]);
    expect(asked).toEqual([]);
    ahead.add(message(7, 'G'));
    expect(asked).toEqual(['G alice/run/7']);
  });

  test('learns from a command that waits for its quote that those before it are done', () => {
    const waiting = message(5, 'ABC');
    ahead.add(waiting);
    commit(waiting, []);
    expect(asked).toEqual(['A alice/run/5', 'B alice/run/6', 'C alice/run/7']);
  });

  test('learns from a gap how far the stream is', () => {
    commit(message(9, 'A'), [], { expected: 4 });
    ahead.add(message(3, 'AB'));
    expect(asked).toEqual(['B alice/run/4']);
  });

  test('learns nothing from a key that was used for another body', () => {
    commit(message(1, 'A'), [{ is: 'rejected', reason: 'key-reused', message: '' }]);
    ahead.add(message(2, 'B'));
    expect(asked).toEqual([]);
  });

  test('keeps streams apart', () => {
    commit(message(1, '.'), [OK]);
    ahead.add(message(2, 'A', 'another'));
    expect(asked).toEqual([]);
  });

  test('forgets all positions after a channel is gone, or a pause', async () => {
    commit(message(1, '.'), [OK]);
    ahead.forget();
    ahead.add(message(2, 'A'));
    expect(asked).toEqual([]);
    commit(message(1, '.', 'other'), [OK]);
    await timers.advance(5_001);
    ahead.add(message(2, 'B', 'other'));
    expect(asked).toEqual([]);
    commit(message(2, 'B', 'other'), []);
    expect(asked).toEqual(['B alice/other/2']);
  });

  test('is not for commands with a deadline: they may be too late to need a quote', () => {
    commit(message(1, '.'), [OK]);
    ahead.add({ ...message(2, 'A'), deadline: instant(1) });
    expect(asked).toEqual([]);
  });
});
