import { describe, expect, test } from '@jest/globals';
import { generateWorkload, type WorkloadShape } from '../../../producers/workload/generate.ts';
import { seededRandom } from '../../../producers/workload/random.ts';
import {
  parseShape,
  writeWorkload,
  type GenerateOptions,
} from '../../../producers/workload/run-generate.ts';
import { parseWorkloadLine, type CommandLine } from '../../../shared/messages/workload-line.ts';

const linesOf = (shape: WorkloadShape): readonly string[] => [...generateWorkload(shape)];

function commandsOf(shape: WorkloadShape): readonly CommandLine[] {
  return linesOf(shape).map((text, index) => {
    const line = parseWorkloadLine(text, index);
    if (line.type !== 'command') throw new Error(`Not a command: ${text}`);
    return line;
  });
}

/** The shares of the commands in the real 10-user file, in per cent. */
const MIX = {
  ...{ BUY: 13.15, QUOTE: 11.46, COMMIT_BUY: 10.37, COMMIT_SELL: 8.54, ADD: 7.35 },
  ...{ DISPLAY_SUMMARY: 7.31, SELL: 7.14, CANCEL_BUY: 5.19, CANCEL_SET_SELL: 5.08 },
  ...{ SET_SELL_TRIGGER: 4.9, CANCEL_SELL: 4.76, SET_BUY_TRIGGER: 4.57 },
  ...{ CANCEL_SET_BUY: 4.55, SET_SELL_AMOUNT: 2.96, SET_BUY_AMOUNT: 2.66 },
};

describe('a generated workload', () => {
  const shape = { users: 100, commands: 50_000, seed: 7 };
  const commands = commandsOf(shape);
  const spread = (values: readonly bigint[]): readonly number[] => {
    const sorted = values.map(Number).toSorted((left, right) => left - right);
    return [0, 0.5, 0.999].map((part) => (sorted[Math.floor(part * sorted.length)] ?? NaN) / 100);
  };

  test('is the same for the same seed, and different for another', () => {
    const text = linesOf(shape).join('\n');
    expect(linesOf(shape).join('\n') === text).toBe(true);
    expect(linesOf({ ...shape, seed: 8 }).join('\n') === text).toBe(false);
  });

  test('has consecutive numbers, and a dump of everything at its end', () => {
    expect(commands.map(({ number }) => number)).toEqual(commands.map((_, index) => index + 1));
    expect(linesOf({ ...shape, commands: 50 }).at(-1)).toBe('[50] DUMPLOG,./testLOG');
    expect(linesOf({ ...shape, commands: 50 })[0]).toMatch(
      /^\[1\] ADD,[A-Za-z0-9]{10},\d+\.\d\d $/,
    );
  });

  test.each(Object.entries(MIX))('has as many %s as the real files (%d %%)', (name, percent) => {
    const count = commands.filter(({ command }) => command.type === name).length;
    expect(Math.abs((100 * count) / commands.length - percent)).toBeLessThan(0.75);
  });

  test('has amounts as the real files do', () => {
    const deposits = commands.flatMap(({ command }) =>
      command.type === 'ADD' ? [command.amount] : [],
    );
    const orders = commands.flatMap(({ command }) =>
      command.type === 'BUY' || command.type === 'SELL' ? [command.amount] : [],
    );
    const [least = 0, middle = 0, most = 0] = spread(deposits);
    expect(least).toBeGreaterThan(0);
    expect(Math.abs(middle - 70_000)).toBeLessThan(1_500);
    expect(most).toBeLessThan(130_000);
    const [lowest = 0, median = 0, highest = 0] = spread(orders);
    expect(lowest).toBeLessThan(5);
    expect(Math.abs(median - 375)).toBeLessThan(20);
    expect(highest).toBeLessThanOrEqual(750);
  });

  test('has fifty symbols', () => {
    const symbols = new Set(
      commands.flatMap(({ command }) => ('symbol' in command ? [command.symbol] : [])),
    );
    expect(symbols.size).toBe(50);
  });

  test('begins with an ADD for each user', () => {
    const first = new Map<string, string>();
    for (const { user, command } of commands) {
      if (!first.has(user)) first.set(user, command.type);
    }
    first.delete('$system');
    expect(first.size).toBe(100);
    expect(new Set(first.values())).toEqual(new Set(['ADD']));
  });

  test.each([
    [1, 1, 0],
    [3, 1, 0],
    [3, 3, 2],
    [3, 4, 3],
    [1000, 1100, 1000],
  ])('of %d users and %d commands has all the users there are lines for', (users, count, seen) => {
    const some = commandsOf({ users, commands: count, seed: 1 });
    expect(some).toHaveLength(count);
    expect(new Set(some.slice(0, -1).map(({ user }) => user)).size).toBe(seen);
  });
});

describe('the random numbers', () => {
  test('are those of their seed on every machine', () => {
    const random = seededRandom(7);
    expect([1, 2, 3].map(() => random.below(1_000_000))).toEqual([11704, 61958, 976907]);
  });

  test('stay within their limit', () => {
    const { below } = seededRandom(1);
    const drawn = new Set(Array.from({ length: 1000 }, () => below(3)));
    expect([...drawn].toSorted()).toEqual([0, 1, 2]);
  });
});

describe('daytrade generate', () => {
  async function written(options: GenerateOptions): Promise<string> {
    let text = '';
    await writeWorkload(parseShape(options), (piece) => Promise.resolve((text += piece)));
    return text;
  }

  test('writes the generated lines in pieces', async () => {
    const options = { users: '3', commands: '5000', seed: '7', symbols: '4' };
    const text = await written(options);
    expect(text.split('\n')).toEqual([
      ...linesOf({ users: 3, commands: 5000, seed: 7, symbols: 4 }),
      '',
    ]);
  });

  test('has defaults: the real file’s 10 users and 10,000 commands', async () => {
    expect(await written({})).toBe(await written({ users: '10', commands: '10000', seed: '1' }));
  });

  test.each([
    [{ users: '0' }, '--users must be a whole number from 1 to 1000000, not "0"'],
    [{ commands: 'many' }, '--commands must be'],
    [{ seed: '-1' }, '--seed must be'],
    [{ symbols: '1.5' }, '--symbols must be'],
    [{ users: '1e3' }, '--users must be'],
  ])('%j is a bad usage', async (options, message) => {
    const fault = { code: 'usage-invalid', message: expect.stringContaining(message) };
    await expect(written(options)).rejects.toMatchObject(fault);
  });
});
