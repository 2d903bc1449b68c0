/** Signing up and trading, in real Chromium. */
import { testOrders } from './web/orders.ts';
import { describeWeb } from './web-suite.ts';

describeWeb(testOrders);
