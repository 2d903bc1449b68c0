/** The people of the demo: each does what its temper says, the same for the same seed, at a bounded pace. */
import { describe, expect, test } from '@jest/globals';
import { Compile } from 'typebox/compile';
import { marketWalk } from '../../../infra/quote-server/market-walk.ts';
import { learn, NOTHING_KNOWN } from '../../../infra/demo/memory.ts';
import { PEOPLE, randomOf, type Person } from '../../../infra/demo/people.ts';
import { LEAST_PAUSE_MS, STOCKS } from '../../../infra/demo/steps.ts';
import { planOf, type TemperName } from '../../../infra/demo/tempers.ts';
import {
  COMMAND_REQUEST,
  type CommandAnswer,
  type CommandRequest,
  type OrderDetails,
} from '../../../shared/web-api/command.ts';

const VALID = Compile(COMMAND_REQUEST);
const NOON = Date.UTC(2026, 10, 23, 12);
const MINUTES = 20;

type Given = {
  readonly atMs: number;
  readonly afterMs: number;
  readonly request: CommandRequest;
  readonly answer: CommandAnswer;
};

/** A market for one person, who always gets the price of the moment. It knows no expiry and no firing. */
function openMarket(): (request: CommandRequest, atMs: number) => CommandAnswer {
  const { priceAt } = marketWalk(1);
  let balance = 0;
  let number = 0;
  const orders: OrderDetails[] = [];
  return (request, atMs) => {
    number += 1;
    const accepted = { number, outcome: 'accepted' as const, balance };
    const { command } = request;
    if (command === 'ADD') return { ...accepted, balance: (balance += centsOf(request.amount)) };
    if (command === 'BUY' || command === 'SELL') {
      const { symbol } = request;
      const price = Number(priceAt(symbol, atMs));
      const shares = Math.floor(centsOf(request.amount) / price);
      const side = command === 'BUY' ? ('buy' as const) : ('sell' as const);
      if (side === 'buy' && centsOf(request.amount) > balance) {
        return { number, outcome: 'rejected', code: 'insufficient-funds', message: '' };
      }
      const times = { placedAt: atMs, expiresAt: atMs + 60_000 };
      const order = { side, symbol, shares, price, cost: shares * price, ...times };
      orders.push(order);
      return { ...accepted, price, order };
    }
    if (command.startsWith('COMMIT')) {
      const order = orders.pop();
      if (order !== undefined) balance -= order.side === 'buy' ? order.cost : -order.cost;
      return { ...accepted, balance, ...(order !== undefined && { order }) };
    }
    if (command === 'QUOTE') return { ...accepted, price: Number(priceAt(request.symbol, atMs)) };
    return accepted;
  };
}

const centsOf = (dollars: string): number => Math.round(Number(dollars) * 100);

/** Plays a person for some minutes of a time that is not waited for. */
function play(person: Person, seed: number): readonly Given[] {
  const random = randomOf(person, seed);
  const answerTo = openMarket();
  const given: Given[] = [];
  let memory = NOTHING_KNOWN;
  let atMs = NOON;
  while (atMs < NOON + MINUTES * 60_000) {
    for (const { afterMs, request } of planOf(person.temper, memory, random)) {
      atMs += afterMs;
      const answer = answerTo(request, atMs);
      memory = learn(memory, request, answer);
      given.push({ atMs, afterMs, request, answer });
    }
  }
  return given;
}

const playedBy = (temper: TemperName): readonly Given[] =>
  PEOPLE.filter((person) => person.temper === temper).flatMap((person) => play(person, 1));
const times = (given: readonly Given[], command: string): number =>
  given.filter(
    ({ request, answer }) => request.command === command && answer.outcome === 'accepted',
  ).length;

test('there are twenty, each with a name of its own', () => {
  expect(new Set(PEOPLE.map(({ name }) => name)).size).toBe(20);
});

describe.each(PEOPLE)('$name, who is $temper', (person) => {
  const given = play(person, 1);

  test('does the same with the same seed, and something else with another', () => {
    const requests = given.map(({ request }) => request);
    expect(play(person, 1).map(({ request }) => request)).toEqual(requests);
    expect(play(person, 2).map(({ request }) => request)).not.toEqual(requests);
  });

  test('gives valid commands about known stocks, first a deposit, at a bounded pace', () => {
    expect(given[0]?.request.command).toBe('ADD');
    expect(given.filter(({ request }) => !VALID.Check(request))).toEqual([]);
    const symbols = given.flatMap(({ request }) => ('symbol' in request ? request.symbol : []));
    expect(symbols.filter((symbol) => !STOCKS.some((stock) => stock === symbol))).toEqual([]);
    const pauses = given.slice(1).map(({ afterMs }) => afterMs);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(LEAST_PAUSE_MS);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(12_000);
    expect(given.length).toBeGreaterThan(5 * MINUTES);
  });
});

describe('the tempers', () => {
  test('the impatient confirm every order', () => {
    const given = playedBy('impatient');
    expect(times(given, 'BUY')).toBeGreaterThan(100);
    expect(times(given, 'SELL')).toBeGreaterThan(100);
    expect(times(given, 'COMMIT_BUY')).toBe(times(given, 'BUY'));
    expect(times(given, 'COMMIT_SELL')).toBe(times(given, 'SELL'));
  });

  test('the forgetful confirm none', () => {
    const given = playedBy('forgetful');
    expect(times(given, 'BUY')).toBeGreaterThan(100);
    expect(times(given, 'COMMIT_BUY') + times(given, 'CANCEL_BUY')).toBe(0);
  });

  test('the wavering cancel most', () => {
    const given = playedBy('wavering');
    const cancelled = times(given, 'CANCEL_BUY') + times(given, 'CANCEL_SELL');
    expect(cancelled).toBeGreaterThan(2 * times(given, 'COMMIT_BUY'));
  });

  test.each([
    ['patient', 'SET_BUY_TRIGGER', 'CANCEL_SET_BUY', -1],
    ['prudent', 'SET_SELL_TRIGGER', 'CANCEL_SET_SELL', 1],
  ] as const)(
    'the %s set triggers near the price, and cancel some',
    (temper, set, cancel, sign) => {
      const given = playedBy(temper);
      const { priceAt } = marketWalk(1);
      const distances = given.flatMap(({ request, atMs }) => {
        if (request.command !== set) return [];
        return sign * (centsOf(request.price) / Number(priceAt(request.symbol, atMs)) - 1);
      });
      expect(distances.length).toBeGreaterThan(50);
      expect(Math.max(...distances)).toBeLessThan(0.06);
      expect(distances.reduce((sum, each) => sum + each, 0) / distances.length).toBeGreaterThan(0);
      expect(times(given, cancel)).toBeGreaterThan(10);
    },
  );

  test('the broke want more than they have, and pay in again', () => {
    const given = playedBy('broke');
    const short = given.filter(
      ({ answer }) => answer.outcome === 'rejected' && answer.code === 'insufficient-funds',
    );
    expect(short.length).toBeGreaterThan(50);
    expect(times(given, 'ADD')).toBeGreaterThan(10);
  });
});

describe('what a person remembers', () => {
  const armed = { ...NOTHING_KNOWN, armed: ['AUR', 'BLU'], shares: new Map([['AUR', 3]]) };
  const refused = (code: string): CommandAnswer => ({
    number: 1,
    outcome: 'rejected',
    code,
    message: '',
  });

  test('a trigger that cannot be cancelled has fired', () => {
    const request = { command: 'CANCEL_SET_BUY', symbol: 'AUR' } as const;
    expect(learn(armed, request, refused('no-buy-amount')).armed).toEqual(['BLU']);
  });

  test('shares that cannot be sold are gone', () => {
    const request = { command: 'SELL', symbol: 'AUR', amount: '5.00' } as const;
    expect([...learn(armed, request, refused('insufficient-shares')).shares]).toEqual([]);
    expect([...learn(armed, request, refused('quote-unavailable')).shares]).toEqual([['AUR', 3]]);
  });

  test('a price that is too low for a share is no longer known', () => {
    const known = {
      ...NOTHING_KNOWN,
      prices: new Map([
        ['AUR', 100],
        ['BLU', 200],
      ]),
    };
    const request = { command: 'BUY', symbol: 'AUR', amount: '1.00' } as const;
    const { prices } = learn(known, request, refused('amount-below-price'));
    expect([...prices]).toEqual([['BLU', 200]]);
  });
});
