/** One batch, one transaction: positions, state, ledger and audit message, all or nothing. */
import type { UserId } from '../../shared/domain/identity.ts';
import { instant } from '../../shared/domain/time.ts';
import { renderAuditRows } from '../../shared/messages/audit-entry.ts';
import { askDumpAgain, insertDump } from '../../shared/pg/dumps.ts';
import { appendLedger, loadRecent } from '../../shared/pg/ledger.ts';
import { insertOutbox, takeNow } from '../../shared/pg/outbox.ts';
import type { Client, Pool } from '../../shared/pg/pool.ts';
import { loadPortfolios, lockUsers } from '../../shared/pg/portfolios-load.ts';
import { savePortfolios } from '../../shared/pg/portfolios-save.ts';
import { loadStreams, saveStreams, streamKey, type StreamId } from '../../shared/pg/streams.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import {
  decideBatch,
  type BatchContext,
  type BatchResult,
  type Loaded,
  type LaneResult,
} from './decide-batch.ts';
import type { LaneWork } from './task.ts';

/** What was committed. */
export type Committed = {
  readonly lanes: readonly LaneResult[];
  readonly now: number;
  /** The audit message to publish, where there is anything to audit. */
  readonly audit: { readonly id: string; readonly body: string } | undefined;
  /** Whether an audit consumer has a dump to write or to answer. */
  readonly dumps: boolean;
};

/** Decides a batch in one transaction. Rejects as `inTransaction` does; nothing is changed then. */
export async function handleBatch(
  pool: Pool,
  lanes: readonly LaneWork[],
  context: BatchContext,
): Promise<Committed> {
  return await inTransaction(pool, async (client) => {
    const { loaded, outboxId } = await load(client, lanes);
    const result = decideBatch(lanes, loaded, context);
    const body = renderAuditRows(result.audit, outboxId);
    await save(client, result, { outboxId, now: loaded.now, body });
    return {
      lanes: result.lanes,
      now: loaded.now,
      audit: body === '' ? undefined : { id: outboxId, body },
      dumps: result.dumps.length > 0 || result.dumpsAskedAgain.length > 0,
    };
  });
}

/** The locks first; the statements after them see what they waited for. All in one round trip. */
async function load(
  client: Client,
  lanes: readonly LaneWork[],
): Promise<{ readonly loaded: Loaded; readonly outboxId: string }> {
  const needs = needsOf(lanes);
  const [, { now, outboxId }, portfolios, streams, recent] = await Promise.all([
    lockUsers(client, needs.users),
    takeNow(client),
    loadPortfolios(client, needs),
    loadStreams(client, needs.streams),
    loadRecent(client, needs.whole),
  ]);
  return { loaded: { now: instant(now), portfolios, streams, recent }, outboxId };
}

type Needs = Parameters<typeof loadPortfolios>[1] & { readonly streams: readonly StreamId[] };

/** What the commands of a batch can touch: pairs they name, and all of whoever asks for a summary. */
function needsOf(lanes: readonly LaneWork[]): Needs {
  const pairs = new Map<string, Needs['pairs'][number]>();
  const streams = new Map<string, StreamId>();
  const whole = new Set<UserId>();
  for (const { user, slices } of lanes) {
    for (const { task, from, to } of slices) {
      const { message } = task;
      if (message.type === 'firing') {
        const { symbol } = message.firing;
        pairs.set(`${user}\n${symbol}`, { user, symbol });
        continue;
      }
      streams.set(streamKey(message), { user, stream: message.stream });
      for (const { command } of message.commands.slice(from, to)) {
        if (command.type === 'DISPLAY_SUMMARY') whole.add(user);
        else if (command.type !== 'UNREADABLE' && 'symbol' in command) {
          pairs.set(`${user}\n${command.symbol}`, { user, symbol: command.symbol });
        }
      }
    }
  }
  return {
    users: lanes.map(({ user }) => user),
    pairs: [...pairs.values()],
    whole: [...whole],
    streams: [...streams.values()],
  };
}

async function save(
  client: Client,
  result: BatchResult,
  at: { readonly outboxId: string; readonly now: number; readonly body: string },
): Promise<void> {
  await Promise.all([
    ...savePortfolios(client, result.changes),
    saveStreams(client, result.advances),
    appendLedger(client, result.ledger),
    at.body === '' ? undefined : insertOutbox(client, at.outboxId, at.body),
    ...result.dumps.map((dump) => insertDump(client, dump, at)),
    ...result.dumpsAskedAgain.map((dump) => askDumpAgain(client, dump)),
  ]);
}
