import { describe, expect, test } from '@jest/globals';
import {
  batchCost,
  costOfAll,
  fitCosts,
  limitsAt,
  needOf,
  type CostPoint,
} from '../../../infra/capacity/cost-model.ts';

const batches = [1, 2, 4, 16, 64, 256];
const pointsOf = (of: (batch: number) => CostPoint['costUs']): readonly CostPoint[] =>
  batches.map((batch) => ({ batch, costUs: of(batch) }));

describe('the cost of a command', () => {
  const points = pointsOf((batch) => ({
    'transaction-1': 20 + 900 / batch,
    postgresql: 10 + 700 / batch,
  }));
  const model = fitCosts(points);

  test('is recovered from points that follow the model', () => {
    expect(model['transaction-1']?.perCommandUs).toBeCloseTo(20, 6);
    expect(model['transaction-1']?.perBatchUs).toBeCloseTo(900, 6);
    expect(costOfAll(model, 32)).toBeCloseTo(30 + 1_600 / 32, 6);
  });

  test('of a batch is never negative, even with noise', () => {
    const falling = fitCosts(pointsOf((batch) => ({ audit: batch })));
    expect(falling['audit']?.perBatchUs).toBe(0);
    expect(batchCost({ perCommandUs: 1, perBatchUs: 8 }, 4)).toBe(3);
  });

  test('of all processes limits first where cores are few', () => {
    const [first, second] = limitsAt(model, 512, 1);
    expect(first?.name).toBe('1 cores');
    expect(second?.name).toBe('transaction-1');
  });

  test('of one thread limits first where cores are many', () => {
    expect(limitsAt(model, 512, 64)[0]?.name).toBe('transaction-1');
  });

  test('grows the need with the users', () => {
    const few = needOf(model, 1_000, 1);
    const many = needOf(model, 100_000, 1);
    expect(few.transactionProcesses).toBe(1);
    expect(many.transactionProcesses).toBeGreaterThan(1);
    expect(many.cores).toBeGreaterThan(few.cores);
  });
});
