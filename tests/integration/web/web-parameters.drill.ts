/** Every odd value in each parameter of every route. `web-parameters.test.ts` sends every fourth in each. */
import { afterAll, beforeAll } from '@jest/globals';
import { sendOddValues } from './odd-parameters.ts';
import { openRouteWalker, type RouteWalker } from './route-walker.ts';

const START_MS = 240_000;

let walker: RouteWalker;
beforeAll(async () => {
  walker = await openRouteWalker();
}, START_MS);
afterAll(() => walker.close(), START_MS);

sendOddValues(() => walker, 1);
