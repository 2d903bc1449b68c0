import { expect, test } from '@jest/globals';
import { searchText } from '../../../producers/web/client/src/pure/search-text.ts';

test.each([
  ['1,000,000,038', '1000000038'],
  [' Transaction 1,000,000,038 ', '1000000038'],
  ['1000000038', '1000000038'],
  ['1,00', '1,00'],
  [' not, at all ', 'not, at all'],
  ['', ''],
])('a search for %j asks for %j', (text, asked) => {
  expect(searchText(text)).toBe(asked);
});
