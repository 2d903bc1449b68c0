/** The producer of the limit: messages that are ready beforehand, sent with the system's bound. */
import { openPacker } from '../../producers/workload/packer.ts';
import { readWorkload } from '../../producers/workload/read-workload.ts';
import { DONE } from '../../shared/amqp/fate.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { shardOf } from '../../shared/domain/shard.ts';
import { commandsExchange, replyQueue, shardKey } from '../../shared/messages/address.ts';
import { renderCommandMessage, type UserCommands } from '../../shared/messages/command-message.ts';
import { countOutbox } from '../../shared/pg/outbox.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import type { RunInput } from '../../infra/capacity/run-tool.ts';
import { runAsTool } from '../../infra/capacity/tool.ts';

export type LimitFigures = { readonly commands: number; readonly seconds: number };

/** As in the system: `producers/workload/sender.ts`. */
const UNANSWERED_MAX = 8_000;
const LOOK_MS = 5;

type Ready = { readonly key: string; readonly body: Buffer; readonly count: number };

async function messagesOf({ file, run, pack, shardCount }: RunInput): Promise<readonly Ready[]> {
  const packer = openPacker({ stream: run, size: pack, done: new Map() });
  const ready: Ready[] = [];
  const add = (message: UserCommands): void => {
    const key = shardKey(shardOf(message.user, shardCount));
    ready.push({ key, body: renderCommandMessage(message), count: message.commands.length });
  };
  for await (const lines of readWorkload(file, { number: false })) {
    for (const { line } of lines) {
      if (line.type !== 'command') continue;
      const full = packer.add(line.user, line);
      if (full !== undefined) add(full);
    }
  }
  packer.flush().forEach(add);
  return ready;
}

runAsTool(async (given, pause): Promise<LimitFigures> => {
  const input = given as RunInput;
  const { warmUpFile: file } = input;
  if (file !== undefined) await run({ ...input, file, run: `warm-up-${input.run}` });
  await pause();
  return await run(input);
});

async function run(input: RunInput): Promise<LimitFigures> {
  const { amqpUrl: url, databaseUrl, shardCount, logFile } = input;
  const log = openFileLogger('limit-producer', { level: 'info', file: logFile });
  const messages = await messagesOf(input);
  const pool = openPool({ url: databaseUrl, name: 'limit-producer', size: 1, log });
  const publishing = await openLink({ url, name: 'limit-producer publishing', log });
  const consuming = await openLink({ url, name: 'limit-producer consuming', log });
  const publisher = await openPublisher(publishing);
  let replyTo = '';
  const pending = new Map<string, number>();
  let unanswered = 0;
  let change = deferred();
  await ownQueuesOn(consuming)({
    newQueue: () => replyQueue('limit', newId()),
    name: 'limit-producer',
    onMade: (queue) => void (replyTo = queue),
    parse: (body) => JSON.parse(body.toString()) as readonly string[],
    handle: (ids) => {
      for (const id of ids) {
        unanswered -= pending.get(id) ?? 0;
        pending.delete(id);
      }
      change.resolve();
      change = deferred();
      return DONE;
    },
  });
  const startedAt = performance.now();
  for (const { key, body, count } of messages) {
    while (unanswered >= UNANSWERED_MAX) await change.promise;
    const messageId = newId();
    pending.set(messageId, count);
    unanswered += count;
    const exchange = commandsExchange(shardCount);
    void publisher.publish({ exchange, key, body, messageId, type: 'commands', replyTo });
  }
  while (pending.size > 0) await change.promise;
  while ((await countOutbox(pool)) > 0)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all([publishing.close(), consuming.close(), pool.end()]);
  return { commands: messages.reduce((sum, { count }) => sum + count, 0), seconds };
}
