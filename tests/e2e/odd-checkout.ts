/** Makes a checkout with a path and an environment that other programs could misread. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDeleted } from '../../infra/services/private/postgres-data.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';

/** Contains every character that has a meaning in a URL, a shell, Erlang or a pattern. */
const ODD = `a b ü #c ?d %20e %f 'g "h [i]`;
const FOREIGN = {
  ...{ PGSSLMODE: 'require', PGHOST: 'nowhere.invalid', PGPORT: '1', PGOPTIONS: '-c nonsense=1' },
  ...{ PGPASSFILE: '/nowhere', PGSERVICE: 'nowhere', PGDATA: '/nowhere' },
  ...{ RABBITMQ_NODENAME: 'other@nowhere', RABBITMQ_MNESIA_BASE: '/nowhere' },
  ...{ ERL_FLAGS: '-nonsense', ERL_LIBS: '/nowhere', LC_ALL: 'xx_YY', LANG: 'tr_TR.UTF-8' },
};

export type OddCheckout = {
  readonly root: string;
  /** Its default data folder. */
  readonly home: string;
  /** The program and arguments that start its command line. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => void;
};

export function openOddCheckout(): OddCheckout {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-odd-'));
  const root = join(folder, ODD);
  const home = join(root, '.daytrade');
  mkdirSync(root);
  for (const name of ['dist', 'infra', 'package.json', 'package-lock.json', 'workloads']) {
    cpSync(join(packageRoot, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    home,
    program: [process.execPath, join(root, 'dist/infra/cli/main.js')],
    environment: { ...FOREIGN, TMPDIR: root },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      removeDeleted(home);
    },
  };
}
