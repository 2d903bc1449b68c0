/** `daytrade parked`: lists, shows, replays or drops messages that could not be read. */
import type { Command } from 'commander';
import { NOT_REPLAYABLE, parkedTarget } from '../../producers/web/server/parts/parked-target.ts';
import type { Link } from '../../shared/amqp/link.ts';
import { dropParked, listParked, replayParked, type Parked } from '../../shared/amqp/parked.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { showText } from '../../shared/messages/show-text.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { openBrokerLink } from './open-broker-link.ts';
import { openCliLogger } from './log.ts';
import { count, say, table, writeOut } from './output.ts';
import { withRunningSystem } from './running-system.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/** Only the oldest messages of each queue are listed; the next ones appear as these are removed. */
const PARKED_MAX = 1_000;

export function registerParked(program: Command): void {
  const parked = program.command('parked').description('handle messages that could not be read');
  parked
    .command('list')
    .description('list the oldest of each queue, with ids and reasons')
    .option('--json', 'print JSON')
    .action(({ json }: { readonly json?: true }) => onBroker(json === true ? listAsJson : list));
  parked
    .command('show')
    .description('show one of them, with its content')
    .argument('<id>', 'the id from the list')
    .action((id: string) => onBroker((link) => show(link, id)));
  parked
    .command('replay')
    .description('send one to its queue again; commands that were done have no second effect')
    .argument('<id>', 'the id from the list')
    .action((id: string) => onBroker((link, shardCount) => replay(link, { id, shardCount })));
  parked
    .command('drop')
    .description('delete one for good')
    .argument('<id>', 'the id from the list')
    .action((id: string) => onBroker((link) => drop(link, id)));
}

async function onBroker(work: (link: Link, shardCount: number) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  await withRunningSystem(config, async ({ info }) => {
    const log = openCliLogger(config, 'parked');
    const link = await openBrokerLink({ url: info.amqpUrl, name: 'parked', log });
    try {
      await work(link, info.shards);
    } finally {
      await link.close();
    }
  });
}

async function list(link: Link): Promise<void> {
  const all = await listParked(link, PARKED_MAX);
  for (const { id, from, code, reason } of all) {
    await writeOut(`${id}  ${from.padEnd(8)}  ${code}: ${showText(reason)}\n`);
  }
  say(all.length === 0 ? 'Nothing is parked.' : `${count(all.length)} parked`);
}

async function listAsJson(link: Link): Promise<void> {
  const all = await listParked(link, PARKED_MAX);
  const shown = all.map(({ id, from, code, reason, type, body }) => {
    return { id, from, code, reason, type, bytes: body.length };
  });
  await writeOut(`${JSON.stringify(shown, undefined, 2)}\n`);
}

async function show(link: Link, id: string): Promise<void> {
  const { from, code, reason, type, body } = await find(link, id);
  say(
    table([
      ['id', id],
      ['from', from],
      ['reason', `${code}: ${showText(reason)}`],
      ['type', type === '' ? 'none' : showText(type)],
      ['bytes', count(body.length)],
    ]),
  );
  await writeOut(`${body.toString('utf8')}\n`);
}

async function find(link: Link, id: string): Promise<Parked> {
  const found = (await listParked(link, PARKED_MAX)).find((parked) => parked.id === id);
  if (found === undefined) throw notFound(id);
  return found;
}

async function replay(
  link: Link,
  { id, shardCount }: { readonly id: string; readonly shardCount: number },
): Promise<void> {
  const publisher = await openPublisher(link);
  const targetOf = (parked: Parked): ReturnType<typeof parkedTarget> =>
    parkedTarget(parked, shardCount);
  const result = await replayParked({ link, publisher }, { id, targetOf, most: PARKED_MAX });
  if (result === 'not-found') throw notFound(id);
  if (result === 'no-target') {
    const message = `${id}: ${NOT_REPLAYABLE}; ${OWN_COMMAND} parked show ${id}, or parked drop ${id}`;
    throw new CodedError('not-finished', message);
  }
  say(`${id}: sent again`);
}

async function drop(link: Link, id: string): Promise<void> {
  if (!(await dropParked(link, { id, most: PARKED_MAX }))) throw notFound(id);
  say(`${id}: dropped`);
}

const notFound = (id: string): CodedError =>
  new CodedError(
    'not-finished',
    `nothing is parked under ${showText(id)}; ${OWN_COMMAND} parked list`,
  );
