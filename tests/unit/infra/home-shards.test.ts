import { expect, test } from '@jest/globals';
import { homeShardsOf } from '../../../infra/supervisor/home-shards.ts';

test.each([
  [1, 16],
  [3, 16],
  [4, 3],
])('%i members have each of %i shards once, as evenly as can be', (members, shards) => {
  const homes = [...Array(members).keys()].map((each) => homeShardsOf(each, members, shards));
  expect(homes.flat().sort((one, other) => one - other)).toEqual([...Array(shards).keys()]);
  const counts = homes.map(({ length }) => length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});
