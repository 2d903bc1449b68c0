import { describe, expect, test } from '@jest/globals';
import { renderSent, renderSentJson } from '../../../infra/cli/render-sent.ts';
import type { Outcome } from '../../../shared/messages/answer-message.ts';

const sent = { id: 'hand:1@2', number: 1_000_000_007 };
const bought: Outcome = {
  is: 'accepted',
  answer: {
    balance: 100_000,
    price: 2_350,
    events: [{ type: 'BuyPlaced', symbol: 'ABC', shares: 4, price: 2_350, at: 0 }],
  },
};

describe('the answer to a command that was sent by hand', () => {
  test('has the id, the number, and money in dollars for people', () => {
    expect(renderSent(sent, bought).split('\n')).toEqual([
      'accepted',
      '  id       hand:1@2',
      '  number   1000000007',
      '  balance  $1,000.00',
      '  price    $23.50',
      '  events   BuyPlaced, symbol ABC, shares 4, price $23.50, at 1970-01-01T00:00:00.000Z',
    ]);
  });

  test('has the id, the number, and money in cents for programs', () => {
    expect(JSON.parse(renderSentJson(sent, bought))).toEqual({ ...sent, ...bought });
  });

  test('says why a command was rejected', () => {
    const text = renderSent(sent, { is: 'rejected', reason: 'too-late', message: 'decided late' });
    expect(text).toMatch(/^rejected: too-late \(decided late\)\n {2}id {6}hand:1@2\n/);
  });

  test('shows a summary’s holdings, triggers and losses as a person reads them', () => {
    const answer = {
      holdings: { ABC: 3 },
      pendingBuys: [],
      buyTriggers: { XYZ: { amount: 5_000, price: null } },
      sellTriggers: {},
      latest: [{ event: 'BuyCommitted', balance: -705, symbol: undefined }],
    };
    const rows = renderSent(sent, { is: 'accepted', answer }).split('\n').slice(3);
    expect(rows.map((row) => row.trim().replace(/ +/g, ' '))).toEqual([
      'holdings ABC 3',
      'buyTriggers XYZ: amount $50.00, price none',
      'sellTriggers none',
      'latest event BuyCommitted, balance -$7.05, symbol none',
    ]);
  });
});
