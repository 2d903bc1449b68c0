/** The result of an action that can fail: a value, or a fault to show. */
import { codeOf, messageOf } from '../api/problem.ts';

/** `fault` is a sentence for the person; `code` says what the server refused, if it did. */
type Failed = { readonly ok: false; readonly fault: string; readonly code?: string | undefined };

export type Result<Value> = { readonly ok: true; readonly value: Value } | Failed;

/** Runs `work`; turns what it throws into a fault. Never rejects. */
export async function attempt<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error: unknown) {
    return failed(error);
  }
}

export const failed = (error: unknown): Failed => ({
  ok: false,
  fault: messageOf(error),
  code: codeOf(error),
});
