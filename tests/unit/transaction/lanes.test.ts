import { beforeEach, describe, expect, test } from '@jest/globals';
import { openLanes, type Lanes, type Task } from '../../../consumers/transaction/lanes.ts';
import { InvariantError } from '../../../shared/domain/invariant-error.ts';
import { userOf } from '../../support/quote-names.ts';
import { Producer, taskOf } from '../../support/run-commands.ts';

const ALICE = userOf('alice');

let lanes: Lanes;
let task: Task;

beforeEach(() => {
  lanes = openLanes();
  task = taskOf(new Producer('run').message('ADD,alice,1.00'));
  lanes.add(task);
});

describe('a lane', () => {
  test('that is in a batch goes into no other', () => {
    expect(lanes.take(10)).toHaveLength(1);
    lanes.add(taskOf(new Producer('other').message('ADD,alice,1.00')));
    expect(lanes.take(10)).toEqual([]);
    task.next = 1;
    expect(lanes.release(ALICE)).toEqual([task]);
    expect(lanes.take(10)).toHaveLength(1);
  });

  test('that waits for a quote is ready again once that has come, or is unavailable', () => {
    lanes.take(10);
    lanes.wait(ALICE);
    expect(lanes.readyCount()).toBe(0);
    lanes.resume(ALICE, 'unavailable');
    expect(lanes.take(10)).toMatchObject([{ user: ALICE, quoteWait: 'unavailable' }]);
  });

  test('that is in no batch cannot come back from one', () => {
    expect(() => lanes.release(ALICE)).toThrow(InvariantError);
    lanes.take(10);
    lanes.wait(ALICE);
    expect(() => lanes.wait(ALICE)).toThrow('waiting, not in a batch');
    expect(() => lanes.release(userOf('nobody'))).toThrow('gone, not in a batch');
  });
});
