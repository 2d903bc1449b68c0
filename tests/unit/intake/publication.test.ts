import { describe, expect, test } from '@jest/globals';
import { faultsText } from '../../../producers/intake/intake-report.ts';
import { readPublication } from '../../../producers/intake/publication.ts';

const body = Buffer.from('ADD,alice,1.00');

describe('a publication to the intake', () => {
  test('its message id is the stream: the same id again has no second effect', () => {
    const published = { body, messageId: 'monday-1', redelivered: true };
    expect(readPublication(published)).toEqual({ body, stream: 'intake:monday-1', again: true });
  });

  test('one without an id is a stream of its own', () => {
    const published = { body, messageId: '', redelivered: false };
    const [one, other] = [readPublication(published), readPublication(published)];
    expect(one.stream).not.toBe(other.stream);
  });

  test('a redelivered one without an id is refused, because a part of it may be done', () => {
    const published = { body, messageId: '', redelivered: true };
    expect(() => readPublication(published)).toThrow(/no message_id.*audit log says which/);
  });

  test.each(['two words', 'x'.repeat(151), 'ümlaut'])('the id %s is refused', (messageId) => {
    expect(() => readPublication({ body, messageId, redelivered: false })).toThrow(/message_id/);
  });

  test('one that is too large is refused', () => {
    const large = Buffer.alloc(16 * 1_024 * 1_024 + 1);
    const published = { body: large, messageId: 'id', redelivered: false };
    expect(() => readPublication(published)).toThrow(/in parts/);
  });

  test('the reasons of a parked message fit into its headers', () => {
    const reasons = Array.from({ length: 25 }, (_, index) => `line ${index}`);
    expect(faultsText(reasons)).toMatch(/line 19 · and 5 more$/);
  });
});
