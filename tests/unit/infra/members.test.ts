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

test('who leads is what most machines tell, not what one knew before it was cut off', async () => {
  const told = ['a', 'b', 'b'].map((primary) => Promise.resolve(ledBy(primary)));
  expect(majorityAnswer(await Promise.allSettled(told))).toEqual(ledBy('b'));
});

test('machines that do not answer have no say; where none does, nothing is known', async () => {
  const silent = Promise.reject(new Error('no answer'));
  expect(majorityAnswer(await Promise.allSettled([silent, Promise.resolve(ledBy('c'))]))).toEqual(
    ledBy('c'),
  );
  expect(majorityAnswer(await Promise.allSettled([silent]))).toBeUndefined();
});
