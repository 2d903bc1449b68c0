/** Validates an XML file against a schema with xmllint, as a reader of the log would. */
import { spawnSync } from 'node:child_process';

/** Returns the faults of the file; '' if it has none. */
export function schemaFaults(schema: string, file: string): string {
  const { status, stderr, error } = spawnSync(
    'xmllint',
    ['--noout', '--nonet', '--schema', schema, file],
    { encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  return status === 0 ? '' : stderr.slice(0, 2_000);
}

export const hasXmllint = (): boolean => spawnSync('xmllint', ['--version']).status === 0;
