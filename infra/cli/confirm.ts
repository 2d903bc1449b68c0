/** Asks before an action that cannot be undone. */
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { ask, canAsk } from '../host/ask.ts';

/**
 * Resolves if the action is confirmed; `yes` confirms without asking. Rejects with `not-finished`
 * if the answer is no, and with a `UsageError` if there is no terminal to ask at.
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
