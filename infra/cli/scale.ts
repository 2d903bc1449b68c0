/** `daytrade scale`: changes the number of processes of a pool of the running system. */
import type { Command } from 'commander';
import { POOL_SIZES_MAX, readConfig, type PoolName } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { ScaleRange } from '../../shared/control/system-info.ts';
import { say } from './output.ts';
import { runningSystem } from './running-system.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

type ScaleRequest = { readonly pool: PoolName; readonly size: number | ScaleRange };

export function registerScale(program: Command): void {
  program
    .command('scale')
    .description('change how many processes a pool of the running system has')
    .argument('<pool=size...>', 'transaction=3, or transaction=auto:1-4 to adapt to the load')
    .action(async (texts: readonly string[]) => {
      const requests = texts.map(parseScaleRequest);
      const { actions } = await runningSystem(readConfig(process.env));
      for (const { pool, size } of requests) {
        if (typeof size === 'number') {
          say(`Scaling ${pool} to ${size} …`);
          await actions.setPoolSize(pool, size);
        } else {
          await actions.setScaling(pool, size);
          say(`${pool} follows its work, with ${size.least} to ${size.most} processes;`);
          say(`${OWN_COMMAND} status shows each change and why.`);
        }
      }
    });
}

/** Parses `POOL=3` or `POOL=auto:1-4`. Throws a `UsageError` for any other text. */
export function parseScaleRequest(text: string): ScaleRequest {
  const [, name, size, least, most] =
    /^([a-z]+)=(?:(\d{1,3})|auto:(\d{1,3})-(\d{1,3}))$/.exec(text) ?? [];
  const pool = (Object.keys(POOL_SIZES_MAX) as PoolName[]).find((known) => known === name);
  if (pool === undefined) {
    const pools = Object.keys(POOL_SIZES_MAX).join(', ');
    throw new UsageError(`${text}: expected POOL=3 or POOL=auto:1-4, with POOL one of ${pools}`);
  }
  if (size !== undefined) return { pool, size: Number(size) };
  return { pool, size: { least: Number(least), most: Number(most) } };
}
