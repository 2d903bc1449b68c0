/** `--fresh`: beginning with empty data. */
import { Option } from 'commander';
import type { Config } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';

export const freshOption = (): Option =>
  new Option('--fresh', 'start from empty data: drops our database schema and our queues');

/** Data on a server that is not ours alone is dropped only by whoever says so twice. */
export function refuseForeignFresh({ databaseUrl, amqpUrl }: Config, yes: true | undefined): void {
  if (yes === true || (databaseUrl === undefined && amqpUrl === undefined)) return;
  const given = databaseUrl === undefined ? 'AMQP_URL' : 'DATABASE_URL';
  throw new UsageError(
    `--fresh drops the schema daytrade and our queues on the servers that ${given} names: ` +
      'add --yes if that is meant',
  );
}
