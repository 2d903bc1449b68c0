import { expect, test } from '@jest/globals';
import {
  majorityAnswer,
  type DatabaseMember,
} from '../../../infra/services/replicated/read-members.ts';

const ledBy = (primary: string): readonly DatabaseMember[] =>
  ['a', 'b', 'c'].map((machine) => ({
    machine,
    role: machine === primary ? 'primary' : 'standby',
    state: 'running',
    lagBytes: undefined,
  }));

test('the leader is the one that most machines name, not the one that a cut-off machine remembers', async () => {
  const told = ['a', 'b', 'b'].map((primary) => Promise.resolve(ledBy(primary)));
  expect(majorityAnswer(await Promise.allSettled(told))).toEqual(ledBy('b'));
});

test('machines that do not answer do not count; if none answers, nothing is known', async () => {
  const silent = Promise.reject(new Error('no answer'));
  expect(majorityAnswer(await Promise.allSettled([silent, Promise.resolve(ledBy('c'))]))).toEqual(
    ledBy('c'),
  );
  expect(majorityAnswer(await Promise.allSettled([silent]))).toBeUndefined();
});
