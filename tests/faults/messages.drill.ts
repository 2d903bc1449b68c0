/** Faults 5 to 8: messages, quotes and answers to commits come twice, late, unreadable, or not at all. */
import { QUOTE_FAULTS } from '../../infra/quote-server/fault.ts';
import { AT_ONCE, deliverInEveryWay, LATE } from './delivery.ts';
import { loseCommits } from './lost-commits.ts';
import { sendPoison } from './poison.ts';
import { failQuoteServer } from './quote-server.ts';
import { useProxiedSystem } from './support/proxied-system.ts';

const { faults, proxy } = useProxiedSystem();

deliverInEveryWay(faults, [AT_ONCE, LATE]);
sendPoison(faults);
failQuoteServer(faults, QUOTE_FAULTS);
loseCommits(faults, proxy);
