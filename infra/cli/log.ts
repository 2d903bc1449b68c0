/** Opens the log of a command: a file, so that it does not mix with the output for people. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../shared/runtime/config.ts';
import { openLogSink, type LogTarget } from '../../shared/runtime/log-sink.ts';
import { openSinkLogger, type OpenedLogger } from '../../shared/runtime/logger.ts';
import { makeDataFolder } from './data-folder.ts';

/** Makes the data folder if it is missing. Throws a `ConfigError` if it cannot be written. */
export function openCliLogger(
  { home, logLevel }: Config,
  name: string,
  to: LogTarget = 'files',
): OpenedLogger {
  makeDataFolder(home);
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true });
  return openSinkLogger(name, logLevel, openLogSink(name, { folder, to }));
}
