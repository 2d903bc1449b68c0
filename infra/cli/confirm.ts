/** Asking before what cannot be undone. */
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { ask, canAsk } from '../services/ask.ts';

/**
 * Resolves where it may be done. Rejects with `not-finished` where the answer is no, and with a `UsageError`
 * where nobody can be asked: `--yes` answers before.
 */
export async function confirm(question: string, yes: true | undefined): Promise<void> {
  if (yes === true) return;
  if (!canAsk()) {
    throw new UsageError(`${question}\nNobody can be asked here: add --yes if that is meant.`);
  }
  const answer = await ask(`${question} [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer ?? ''))
    throw new CodedError('not-finished', 'Nothing was changed.');
}
