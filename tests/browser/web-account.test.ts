/** Triggers and the account, in real Chromium. */
import { testAccount } from './web/account.ts';
import { testTriggers } from './web/triggers.ts';
import { describeWeb } from './web-suite.ts';

describeWeb(testTriggers, testAccount);
