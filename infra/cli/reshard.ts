/** `daytrade reshard`: changes the number of shards of a stopped system. */
import type { Command } from 'commander';
import { SHARDS_MAX } from '../../shared/domain/shard.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { reshard } from '../operations/reshard.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { say } from './output.ts';
import { OWN_COMMAND, startCommand } from '../../shared/runtime/own-command.ts';

export function registerReshard(program: Command): void {
  program
    .command('reshard')
    .description('change the number of shards of a stopped system, after its queues are drained')
    .argument('<shards>', `1 to ${SHARDS_MAX}`)
    .action(async (text: string) => {
      const to = parseShards(text);
      const config = readConfig(process.env);
      const release = tryLockDataFolder(config.home);
      if (release === undefined) {
        throw new UsageError(
          `a system runs on ${config.home}: stop it first (${OWN_COMMAND} down)`,
        );
      }
      try {
        const { signal } = onInterrupt(() => say('Stopping …'));
        const log = openCliLogger(config, 'reshard');
        const from = await reshard({ config, to, signal, say, log });
        say(
          `The system has ${to} shards; it had ${from}. To start it: ${startCommand(config.home)}`,
        );
        if (config.areShardsGiven && config.shards !== to) {
          say(`Here SHARDS is ${config.shards}: leave it unset, or set it to ${to}.`);
        }
      } finally {
        release();
      }
    });
}

function parseShards(text: string): number {
  const shards = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (shards >= 1) return shards;
  throw new UsageError(`${text}: expected a number of shards from 1 to ${SHARDS_MAX}`);
}
