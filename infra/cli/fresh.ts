/** `--fresh`: starts with empty data. */
import { Option } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { isReplicated } from '../services/replicated/settings-file.ts';
import { canAsk } from '../host/ask.ts';
import { confirm } from './confirm.ts';

export const freshOption = (): Option =>
  new Option(
    '--fresh',
    'start from empty data: removes the database schema and the queues of daytrade',
  );

/**
 * Asks on a terminal before data is dropped. Without a terminal, a private database is dropped
 * without asking, but data on a given server, which may serve others too, only with `--yes`.
 */
export async function confirmFresh(config: Config, yes: true | undefined): Promise<void> {
  const { home, databaseUrl, amqpUrl } = config;
  if (yes === true) return;
  if (databaseUrl !== undefined || amqpUrl !== undefined) {
    const given = databaseUrl === undefined ? 'AMQP_URL' : 'DATABASE_URL';
    const drops = `--fresh drops the schema daytrade and our queues on the servers that ${given} names`;
    if (!canAsk()) throw new UsageError(`${drops}: add --yes if that is meant`);
    await confirm(`${drops}. Delete all accounts there?`, yes);
    return;
  }
  const hasData = existsSync(join(home, 'postgresql.json')) || isReplicated(home);
  if (hasData && canAsk()) await confirm(`Delete all accounts and messages in ${home}?`, yes);
}
