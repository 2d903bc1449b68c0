/** Tries commands while a service does not answer: their exit codes, and that they name the service. */
import { describe, expect, test } from '@jest/globals';
import { expectNoInnards } from '../support/expect-plain.ts';
import type { UpSystem } from '../support/up-system.ts';
import { until } from '../support/until.ts';

const TEST_MS = 240_000;
/** The documents promise ten seconds, but a test machine may be busy. */
const SEEN_MAX_MS = 60_000;

type Answering = readonly [args: string, database: number, broker?: number];

/**
 * Each command with its exit codes while the database and while the broker does not answer; undefined if the
 * command would continue its work once the broker is back.
 */
export const EVERY_COMMAND: readonly Answering[] = [
  ['status --json', 0, 0],
  ['doctor --json', 1, 1],
  ['logs transaction', 0, 0],
  ['verify --drained', 1, 1],
  ['accounts', 1, 0],
  ['dump -', 1, 0],
  ['backup HOME/a-backup', 1, 0],
  ['send ADD,ann,1.00', 1, 1],
  ['parked list --json', 0, 1],
  ['admin create eve', 1, 0],
  ['scale quote=1', 0, 0],
  ['scale quote=2', 1],
];
/** The commands that `npm test` runs: one that examines, one that reads, and one that sends. */
export const TELLING_COMMANDS: readonly Answering[] = EVERY_COMMAND.filter(([args]) =>
  ['doctor --json', 'accounts', 'send ADD,ann,1.00'].includes(args),
);

/** If more ran at once, they would wait for a core, not for the service. */
const SIDE_BY_SIDE = 4;

async function tryAll(
  system: UpSystem,
  {
    commands,
    service,
  }: { readonly commands: readonly Answering[]; readonly service: 'database' | 'broker' },
): Promise<void> {
  const waiting = [...commands];
  const lane = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [line, database, broker] = next;
      const expected = service === 'database' ? database : broker;
      if (expected === undefined) continue;
      const args = line.replace('HOME', system.home).split(' ');
      const { exitCode, output, said } = await system.daytrade(args);
      expect({ line, exitCode, said }).toEqual({ line, exitCode: expected, said });
      expectNoInnards({ said });
      // A command that fails has written nothing, and doctor says in JSON what is wrong.
      if (args.includes('--json') && (exitCode === 0 || line.startsWith('doctor'))) {
        JSON.parse(output);
      }
      if (exitCode === 0) continue;
      const named = service === 'database' ? /PostgreSQL|database/i : /RabbitMQ|broker/i;
      expect(`${line}: ${said}${output}`).toMatch(named);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
}

/** Suspends first the database, then the broker, of a system with private services. */
export function describeAnswers(running: () => UpSystem, commands: readonly Answering[]): void {
  describe('a service that does not answer', () => {
    test.each([
      ['database', 'postgresql'],
      ['broker', 'rabbitmq'],
    ] as const)(
      'the %s: each command says so in plain words, in a bounded time, with its exit code',
      async (service, name) => {
        const system = running();
        const pid = await system.pid(name);
        process.kill(pid, 'SIGSTOP');
        try {
          const isKnown = async (): Promise<boolean> =>
            (await system.info()).troubles.some((trouble) => trouble.service === service);
          await until(isKnown, { what: 'the trouble is known', timeoutMs: SEEN_MAX_MS });
          await tryAll(system, { commands, service });
        } finally {
          process.kill(pid, 'SIGCONT');
        }
        await until(() => system.isWell(), { what: 'health is good', timeoutMs: SEEN_MAX_MS });
      },
      TEST_MS,
    );
  });
}
