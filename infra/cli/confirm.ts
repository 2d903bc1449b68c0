/** Asking before what cannot be undone. */
import { createInterface } from 'node:readline/promises';
import { UsageError } from '../../shared/runtime/errors.ts';

/** Whether it may be done. Throws a `UsageError` where nobody can be asked: `--yes` answers before. */
export async function isConfirmed(question: string, yes: true | undefined): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`${question}\nNobody can be asked here: add --yes if that is meant.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^\s*y(es)?\s*$/i.test(answer);
}
