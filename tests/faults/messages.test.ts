/** Faults 5 to 8, in the ways that differ most. `npm run drill -- messages` has every way. */
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
