/** Settings, administration and the layout of all pages, in real Chromium. */
import { testLayout } from './web/layout.ts';
import { testPeople } from './web/people.ts';
import { describeWeb } from './web-suite.ts';

describeWeb(testPeople, testLayout);
