/** Fault 7: bytes that are no message are parked; a command that cannot be stored is refused alone. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parkedTarget } from '../../producers/web/server/parts/parked-target.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { openLink, type Link } from '../../shared/amqp/link.ts';
import { dropParked, listParked, replayParked } from '../../shared/amqp/parked.ts';
import { openPublisher, type Publisher } from '../../shared/amqp/publisher.ts';
import { cents } from '../../shared/domain/money.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, shardKey } from '../../shared/messages/address.ts';
import { renderCommandMessage } from '../../shared/messages/command-message.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { userOf } from '../support/quote-names.ts';
import { until } from '../support/until.ts';
import { brokenInvariants, drained, expectSound, startRun } from './support/fault-run.ts';
import type { FaultSystem } from './support/fault-system.ts';

const TEST_MS = 240_000;
const MOST = 100;

let link: Link;
let publisher: Publisher;

const send = (shards: number, body: string, shard: number): Promise<void> =>
  publisher.publish({
    exchange: commandsExchange(shards),
    key: shardKey(shard),
    body: Buffer.from(body),
    type: 'commands',
  });

const WRONG = userOf('stray');
const wrongShard = (shards: number): number => (shardOf(WRONG, shards) + 1) % shards;
const STRAY = renderCommandMessage({
  type: 'commands',
  user: WRONG,
  stream: 'run:stray',
  position: 1,
  commands: [{ number: 1, command: { type: 'ADD', amount: cents(100) } }],
  administrator: true,
  again: false,
}).toString();

async function balanceOf({ pool }: FaultSystem, user: string): Promise<bigint | undefined> {
  const { rows } = await pool.query<{ balance: bigint }>(
    'SELECT balance FROM accounts WHERE user_id = $1',
    [user],
  );
  return rows[0]?.balance;
}

/** Runs on a system that it shares with the other fault tests. */
export function sendPoison(faults: () => FaultSystem): void {
  describe('poison', () => {
    beforeAll(async () => {
      link = await openLink({ url: faults().amqpUrl, name: 'poisoner', log: recordingLogger() });
      publisher = await openPublisher(link);
    });
    afterAll(async () => {
      await publisher.close();
      await link.close();
    });

    test(
      'is parked with its reason, and the messages around it are handled',
      async () => {
        const run = startRun(faults(), { name: 'poisoned', pace: atRate(800) });
        await until(() => run.answered() >= 100, { what: 'the run is under way' });
        const { shards } = faults();
        await Promise.all([
          send(shards, 'no JSON', 0),
          send(shards, '{"v":1}', 1),
          send(shards, '{"v":99,"u":"stray"}', 2),
          send(shards, STRAY, wrongShard(shards)),
        ]);
        await expectSound(faults(), run);
        const parked = await until(
          async () => {
            const found = await listParked(link, MOST);
            return found.length >= 4 && found;
          },
          { what: 'all four are parked' },
        );
        expect(parked).toHaveLength(4);
        expect(
          parked.every(({ reason, code }) => reason !== '' && code.startsWith('message-')),
        ).toBe(true);
        expect(parked.map(({ code }) => code)).toContain('message-version-unknown');
        expect(parked.map(({ body }) => body.toString())).toContain('no JSON');
      },
      TEST_MS,
    );

    test('one that is replayed takes effect in its queue; another is dropped', async () => {
      const parked = await listParked(link, MOST);
      const idOf = (text: string): string =>
        parked.find(({ body }) => body.toString() === text)?.id ?? '';
      const replay = (id: string): ReturnType<typeof replayParked> =>
        replayParked(
          { link, publisher },
          { id, targetOf: (each) => parkedTarget(each, faults().shards), most: MOST },
        );
      expect(await replay('unknown')).toBe('not-found');
      expect(await replay(idOf('no JSON'))).toBe('no-target');
      expect(await dropParked(link, { id: idOf('no JSON'), most: MOST })).toBe(true);
      expect(await dropParked(link, { id: idOf('no JSON'), most: MOST })).toBe(false);
      expect(await replay(idOf(STRAY))).toBe('replayed');
      await until(async () => (await balanceOf(faults(), WRONG)) === 100n, {
        what: 'the deposit is made',
      });
      expect(await listParked(link, MOST)).toHaveLength(2);
    });

    test(
      'a command whose effects can never be stored is refused as internal, alone in its pack',
      async () => {
        // A planted constraint of the table refuses balances with these last digits.
        await faults().pool.query(
          `ALTER TABLE ledger ADD CONSTRAINT planted CHECK (user_id <> 'victim' OR deposited <> 666)`,
        );
        const deposits = [100, 666, 200, 666, 300];
        const lines = deposits.map((cents, index) => [index + 1, 'victim', cents] as const);
        const run = startRun(faults(), {
          name: 'planted',
          pack: 8,
          before: lines.map(([n, user, cents]) => `[${n}] ADD,${user},${(cents / 100).toFixed(2)}`),
        });
        await run.result;
        await drained(faults());
        expect(await brokenInvariants(faults())).toEqual([]);
        const { rows } = await faults().pool.query<{ balance: bigint; errors: bigint }>(
          `SELECT balance, (SELECT count(*) FROM audit_events e WHERE e.user_id = a.user_id
                               AND kind = 'errorEvent' AND message LIKE 'internal%') AS errors
             FROM accounts a WHERE user_id = 'victim'`,
        );
        expect(rows).toEqual([{ balance: 600n, errors: 2n }]);
      },
      TEST_MS,
    );
  });
}
