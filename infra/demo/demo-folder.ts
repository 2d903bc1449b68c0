/** The data folder of the demo, which is deleted with each start: it must never be that of real data. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, UsageError } from '../../shared/runtime/errors.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { isDataFolder } from '../supervisor/data-folder.ts';

/** In a data folder, this file says that a demo may delete everything. */
const MARK = 'demo.json';

/** Throws if services are given: others may have data there. */
export function refuseGivenServices({
  amqpUrl,
  databaseUrl,
  quoteServer,
  replicated,
}: Pick<Config, 'amqpUrl' | 'databaseUrl' | 'quoteServer' | 'replicated'>): void {
  const given = [
    ...(amqpUrl === undefined ? [] : ['AMQP_URL']),
    ...(databaseUrl === undefined ? [] : ['DATABASE_URL']),
    ...(quoteServer === undefined ? [] : ['QUOTE_SERVER']),
    ...(replicated ? ['REPLICATED'] : []),
  ];
  if (given.length === 0) return;
  throw new UsageError(
    `the demo trades with play money on services of its own, and deletes its data: run it without ${given.join(', ')}`,
  );
}

/** Makes the folder and marks it. Throws a `ConfigError` if something else is in it. */
export function claimDemoFolder(folder: string): void {
  const mark = join(folder, MARK);
  if (existsSync(mark)) return;
  const isOthers = isDataFolder(folder) || (existsSync(folder) && readdirSync(folder).length > 0);
  if (isOthers) {
    throw new ConfigError(
      `${folder} holds data that no demo made, and a demo would delete it. Move it away, or name another ` +
        'data folder by DAYTRADE_HOME.',
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, `${JSON.stringify({ program: 'daytrade demo' })}\n`);
}
