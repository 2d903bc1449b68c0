/** The result of an action that can fail: a value, or a fault to show. */
import { messageOf } from '../api/problem.ts';

/** `fault` is a sentence for the person. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: string };

/** Runs `work`; turns what it throws into a fault. Never rejects. */
export async function attempt<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error: unknown) {
    return { ok: false, fault: messageOf(error) };
  }
}
