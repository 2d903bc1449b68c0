// `npm run drill [-- NAME …]`: sets up, runs the long tests one by one, and prints a count.
import { parseArgs } from 'node:util';
import { runSuites } from './run-suites.mjs';
import { setUp } from './set-up.mjs';
import { findDrills, selectDrills } from './test-suites.mjs';

const EXIT_USAGE = 64;
const options = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  faults: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
};

const startedAt = Date.now();
await setUp();
const drills = findDrills();
const { names, values } = parseOptions();
if (values.help) console.log(usage());
else {
  const env = {
    ...(values.seeds !== undefined && { DRILL_SEEDS: values.seeds }),
    ...(values.from !== undefined && { DRILL_FROM: values.from }),
    ...(values.faults !== undefined && { DRILL_FAULTS: values.faults }),
  };
  await runSuites(selectDrills(names), { startedAt, env });
}

/** Ends the process with the usage if the command line is invalid. */
function parseOptions() {
  try {
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    const unknown = positionals.find((name) => !drills.has(name));
    if (unknown !== undefined) throw new Error(`There is no drill named "${unknown}".`);
    for (const name of ['seeds', 'from', 'faults']) {
      if (values[name] !== undefined && !/^[1-9]\d{0,8}$/.test(values[name])) {
        throw new Error(`--${name} takes a number from 1 on, not "${values[name]}".`);
      }
    }
    return { names: positionals.length > 0 ? positionals : [...drills.keys()], values };
  } catch (error) {
    console.error(`${error.message}\n\n${usage()}`);
    process.exit(EXIT_USAGE);
  }
}

function usage() {
  return `Usage: npm run drill -- [NAME …] [--seeds N] [--from N] [--faults N]

Runs the long tests, all of them or those named, and closes with a count.

  replicated      every fault of the replicated system, then a restore to a moment (15 minutes)
  chaos           faults drawn by seed on a whole system (3 minutes for each seed, five seeds)
  simulation      the handlers in one process, faults decided by seed (3,000 seeds, 15 minutes)
  fuzz            a million inputs at the borders (3 minutes for each seed, one seed)
  services        broker and database killed and restarted, alarms, a full disk (1 minute)
  connections     connections, channels and queues lost, locks held (1 minute)
  processes       processes of every kind killed, drained, added and taken away (2 minutes)
  kill-commands   producer and supervisor killed as a user starts them (1 minute)
  messages        messages, quotes and commits' answers come twice, late, wrong or not at all (2 minutes)
  pauses          a transaction consumer is paused at each step (2 minutes)
  workloads       more whole files, judged by the contract (1 minute)
  documents       the commands of every document that shows some (2 minutes)
  outage          every command while the database or the broker does not answer (1 minute)
  operations      backup, restore and outputs after a whole workload (1 minute)
  add-command     a command is added by the list of CONTRIBUTING.md (1 minute)
  reshard         the number of shards changed between two halves of a workload (1 minute)
  upgrade         a database of PostgreSQL 14 upgraded, the upgrade killed at each step (1 minute)
  web-parameters  every odd value in each parameter of the web (1 minute)
  containers      the image built and the Compose file run, on images made of Debian's packages (10 minutes)
  replicated-containers  the same with the replicated Compose file

  --seeds N       runs N seeds of chaos, simulation and fuzz instead
  --from N        starts with seed N instead of 1
  --faults N      ends replicated after its first N faults

Example: npm run drill -- simulation --seeds 500 --from 4001`;
}
