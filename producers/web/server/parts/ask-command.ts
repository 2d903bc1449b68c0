/** Asks for the outcome of one command, within the bounds of a web process. */
import type { Outcome } from '../../../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../../../shared/messages/command-message.ts';
import { HttpProblem } from './http-problem.ts';
import { ANSWER_MAX_MS, UNANSWERED_MAX } from './limits.ts';
import type { WebParts } from './web-parts.ts';

const NO_ANSWER =
  'the command was not answered in time; it is not done later than its deadline, and the same ' +
  'Idempotency-Key again tells what became of it';

const noAnswer = (): HttpProblem => new HttpProblem('no-answer', NO_ANSWER);

/**
 * Sends a message of one command and resolves to its outcome. Rejects with `no-answer` shortly after the
 * command's deadline: it may be decided or not, and sending the same message again tells which.
 * Rejects with `unavailable` if too many commands are unanswered.
 */
export async function askCommand(
  { desk, answers }: Pick<WebParts, 'desk' | 'answers'>,
  message: UserCommands,
  id: string,
): Promise<Outcome> {
  if (desk.unanswered() >= UNANSWERED_MAX) {
    throw new HttpProblem('unavailable', 'too many commands wait for their answers');
  }
  const limit = { ms: ANSWER_MAX_MS, error: noAnswer };
  const { answer, latencyMs } = await desk.ask(message, { id, limit });
  answers.observe(latencyMs);
  const [outcome] = answer.outcomes;
  if (outcome === undefined) throw noAnswer();
  return outcome;
}
