/** Asks a question on the terminal. */
import { createInterface } from 'node:readline/promises';
import { InterruptedError } from '../../shared/runtime/errors.ts';

/** Returns whether a person at a terminal can see a question and answer it. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/**
 * Resolves to the answer, or to undefined for Ctrl-D, which ends the input. Rejects with
 * `InterruptedError` for Ctrl-C.
 */
export async function ask(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      terminal.once('SIGINT', () => reject(new InterruptedError('interrupted')));
      terminal.once('close', () => resolve(undefined));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}
