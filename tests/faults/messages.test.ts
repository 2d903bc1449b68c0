/** Faults 5 to 8, each in its most distinct ways. `npm run drill -- messages` has all ways. */
import { deliverInEveryWay, LATE } from './delivery.ts';
import { loseCommits } from './lost-commits.ts';
import { sendPoison } from './poison.ts';
import { failQuoteServer } from './quote-server.ts';
import { useProxiedSystem } from './support/proxied-system.ts';

const { faults, proxy } = useProxiedSystem();

deliverInEveryWay(faults, [LATE]);
sendPoison(faults);
failQuoteServer(faults, ['hang', 'garbage']);
loseCommits(faults, proxy);
