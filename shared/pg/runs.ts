/** Runs of workload files. The name of a run belongs to one file and gives its stream. */
import { CodedError } from '../runtime/errors.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';

export type Run = {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  /** Whether the lines get their numbers from the reader instead of the file. */
  readonly numbered: boolean;
};

export type OpenedRun = {
  readonly isResumed: boolean;
  /** A lower bound of the outbox ids of the run's audit events. */
  readonly firstOutbox: bigint;
  /** The database's time, in Unix milliseconds, at which this part of the run was opened. */
  readonly openedAt: number;
};

export const streamOfRun = (name: string): string => `run:${name}`;

const COUNT = statement<{ count: bigint }>('runs-count', `SELECT count(*) AS count FROM runs`);

/** Counts the stored runs. */
export async function countRuns(pool: Pool): Promise<number> {
  return Number((await COUNT.run(pool))[0]?.count ?? 0n);
}

type Opened = { readonly first_outbox: bigint; readonly opened_at: bigint };

const INSERT = statement<Opened>(
  'runs-insert',
  `INSERT INTO runs (name, file, sha256, numbered, started_at, first_outbox)
   SELECT $1, $2, $3, $4, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
          last_value + is_called::int
     FROM outbox_ids
   ON CONFLICT DO NOTHING RETURNING first_outbox, started_at AS opened_at`,
);
const LOAD = statement<Opened & { file: string; sha256: string; numbered: boolean }>(
  'runs-load',
  `SELECT file, sha256, numbered, first_outbox,
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS opened_at
     FROM runs WHERE name = $1`,
);

const openedOf = ({ first_outbox, opened_at }: Opened, isResumed: boolean): OpenedRun => ({
  isResumed,
  firstOutbox: first_outbox,
  openedAt: Number(opened_at),
});

/** Opens a run or resumes one. Rejects with `run-name-taken` if the name belongs to another file. */
export async function openRun(pool: Pool, run: Run): Promise<OpenedRun> {
  const { name, file, sha256, numbered } = run;
  const [inserted] = await INSERT.run(pool, name, file, sha256, numbered);
  if (inserted !== undefined) return openedOf(inserted, false);
  const [known] = await LOAD.run(pool, name);
  if (known === undefined) throw new TypeError(`run ${name} is neither new nor known`);
  if (known.sha256 !== sha256 || known.numbered !== numbered) {
    throw new CodedError(
      'run-name-taken',
      `--run ${name} is the name of a run of ${known.file}, ` +
        `${known.sha256 === sha256 ? 'with another --number' : 'whose content was another'}: ` +
        'choose a new name, or give that file to go on with it',
    );
  }
  return openedOf(known, true);
}

const FINISH = statement(
  'runs-finish',
  `UPDATE runs SET finished_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    WHERE name = $1`,
);

/** Notes the time at which a run finished. */
export const finishRun = (pool: Pool, name: string): Promise<unknown> => FINISH.run(pool, name);
