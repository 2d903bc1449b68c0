/** Opens a pool whose server reports the plan of every statement that it executes. */
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { recordingLogger } from './recording-logger.ts';

export type ExplainedPool = {
  readonly pool: Pool;
  /** Resolves to how each prepared statement that reached a table did so, by its name; several ways have `or` between them. */
  readonly loadPlans: () => Promise<Readonly<Record<string, string>>>;
};

const EXPLAIN = [
  "LOAD 'auto_explain'",
  'SET auto_explain.log_min_duration = 0',
  'SET auto_explain.log_level = warning',
  'SET auto_explain.log_format = json',
  'SET auto_explain.log_verbose = off',
].join(';');

/** The pool has one connection, so that it knows the name of each statement. */
export function openExplainedPool(url: string, pipeline: boolean): ExplainedPool {
  const pool = openPool({ url, name: 'plans', size: 1, pipeline, log: recordingLogger() });
  const told: Explained[] = [];
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      if (message.includes('plan:')) {
        told.push(JSON.parse(message.slice(message.indexOf('{'))) as Explained);
      }
    });
    void client.query(EXPLAIN);
  });
  return {
    pool,
    loadPlans: async () => {
      const { rows } = await pool.query<{ name: string; statement: string }>(
        'SELECT name, statement FROM pg_prepared_statements',
      );
      const names = new Map(rows.map(({ name, statement }) => [statement, name]));
      const plans = new Map<string, Set<string>>();
      for (const { 'Query Text': text, Plan: plan } of told) {
        const name = names.get(text);
        const access = accessOf(plan).join(', ');
        if (name === undefined || access === '') continue;
        plans.set(name, (plans.get(name) ?? new Set()).add(access));
      }
      return Object.fromEntries([...plans].map(([name, ways]) => [name, [...ways].join(' or ')]));
    },
  };
}

type Explained = { readonly 'Query Text': string; readonly Plan: Plan };

type Plan = {
  readonly 'Node Type': string;
  readonly Operation?: string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Conflict Arbiter Indexes'?: readonly string[];
  readonly Plans?: readonly Plan[];
};

/**
 * Returns how a plan reaches and changes tables, from top to bottom. Leaves out how it sorts and groups what it
 * has read, which differs between versions.
 */
function accessOf(plan: Plan): readonly string[] {
  const { Operation: operation, Plans: below = [] } = plan;
  const type = plan['Node Type'];
  const arbiter = plan['Conflict Arbiter Indexes']?.map((index) => ` (${index})`).join('') ?? '';
  const target = plan['Index Name'] ?? plan['Relation Name'];
  const isPath = target !== undefined && type !== 'Bitmap Heap Scan';
  const own = isPath ? [`${operation ?? type} ${target}${arbiter}`] : [];
  return [...(/Join|Loop/.test(type) ? [type] : own), ...below.flatMap(accessOf)];
}
