/** Triggers, the account and operations, in real Chromium. */
import { testAccount } from './web/account.ts';
import { testOperations } from './web/operations.ts';
import { testTriggers } from './web/triggers.ts';
import { describeWeb } from './web-suite.ts';

describeWeb(testTriggers, testAccount, testOperations);
