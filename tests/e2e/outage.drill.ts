/** Every command while the database or the broker does not answer. `outage.test.ts` tries three of them. */
import { afterAll, beforeAll } from '@jest/globals';
import { ONE_EACH } from '../support/one-each.ts';
import { openUpSystem, type UpSystem } from '../support/up-system.ts';
import { describeAnswers, EVERY_COMMAND } from './outage-answers.ts';

const START_MS = 300_000;

let system: UpSystem;
beforeAll(async () => {
  system = await openUpSystem({ ...ONE_EACH, WEB_PROCESSES: '2' });
}, START_MS);
afterAll(() => system.close(), START_MS);

describeAnswers(() => system, EVERY_COMMAND);
