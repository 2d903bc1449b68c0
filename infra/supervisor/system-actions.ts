/** Carries out the orders that a running system accepts for its processes. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { checkConnections } from '../../shared/pg/connection-budget.ts';
import { mapPools, POOL_SIZES_MAX, type PoolName } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Services } from '../services/open-services.ts';
import type { ControlActions, PoolScaling, ScaleRange } from '../../shared/control/system-info.ts';
import type { Child } from './child.ts';
import type { LogLevels } from './log-levels.ts';
import { PoolScalers } from './pool-scalers.ts';
import type { ProcessPool } from './process-pool.ts';

type SystemActions = ControlActions & {
  readonly scaling: () => readonly PoolScaling[];
  /** Ends scaling; a resize that has begun is completed. */
  readonly close: () => void;
};

/**
 * The build that the system's processes run. It is the one that the system was started with, so
 * that a process that crashes comes back unchanged, until a rolling restart names another.
 */
export type Build = { root: string };

type ActionParts = {
  readonly pools: Readonly<Record<PoolName, ProcessPool>>;
  readonly children: () => readonly Child[];
  readonly services: Services;
  readonly levels: LogLevels;
  readonly build: Build;
  readonly log: Logger;
};

/**
 * Returns the actions of a running system. They throw a `UsageError` for an unknown pool, process
 * or build, or an invalid size.
 */
export function openActions({
  pools,
  children,
  services,
  levels,
  build,
  log,
}: ActionParts): SystemActions {
  const resize = async (name: PoolName, size: number): Promise<void> => {
    checkSize(name, size);
    const present = mapPools((pool) => pools[pool].members().length);
    // A pool that shrinks frees connections, so it needs no check, and can shrink while the
    // database is away.
    if (size > present[name]) {
      await checkConnections(services.databaseUrl, { ...present, [name]: size });
    }
    await pools[name].resize(size);
  };
  const scalers = new PoolScalers({ services, resize, log });
  return {
    setPoolSize: async (name, size) => {
      checkSize(name, size);
      scalers.end(name);
      await resize(name, size);
    },
    setScaling: async (name, range) => {
      checkRange(name, range);
      scalers.start(pools[name], range);
      return Promise.resolve();
    },
    restart: async (name, root) => {
      const child = children().find((each) => each.name === name);
      if (child === undefined) throw new UsageError(`there is no process ${name}`);
      if (root !== undefined && root !== build.root) {
        checkBuild(root);
        log.info('build changed', { from: build.root, to: root });
        build.root = root;
      }
      await child.restart();
    },
    setLogLevel: (level, name) => {
      levels.set(level, name, children());
      log.info('log level set', { level, name });
      return Promise.resolve();
    },
    scaling: () => scalers.info(),
    close: () => scalers.close(),
  };
}

function checkBuild(root: string): void {
  if (!isAbsolute(root) || !existsSync(join(root, 'infra/cli/main.js'))) {
    throw new UsageError(`there is no build in ${root}: build it first (npm run build)`);
  }
}

function checkSize(name: PoolName, size: number): void {
  const most = POOL_SIZES_MAX[name];
  if (Number.isInteger(size) && size >= 1 && size <= most) return;
  throw new UsageError(`the pool ${name} has 1 to ${most} processes, not ${size}`);
}

function checkRange(name: PoolName, { least, most }: ScaleRange): void {
  checkSize(name, least);
  checkSize(name, most);
  if (least > most) throw new UsageError(`from ${least} to ${most} is no range`);
}
