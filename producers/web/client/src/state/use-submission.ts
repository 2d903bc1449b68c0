/** A hook for a form that sends one request at a time. */
import { useSignal } from '@preact/signals';
import type { Result } from './result.ts';

export type Submission = {
  readonly isBusy: boolean;
  /** The sentence for the person that says why the form was not sent or was refused. */
  readonly fault: string | undefined;
  /** What the fault is about: the code of a problem or rejection, or one that the form gave. */
  readonly code: string | undefined;
  /** Shows a fault; `undefined` removes it. */
  readonly setFault: (fault: string | undefined, code?: string) => void;
  /** Sends a request and shows its fault. Resolves to whether it succeeded. */
  readonly send: (request: () => Promise<Result<unknown>>) => Promise<boolean>;
};

export function useSubmission(): Submission {
  const isBusy = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  const code = useSignal<string | undefined>(undefined);
  const setFault = (text: string | undefined, about?: string): void => {
    fault.value = text;
    code.value = about;
  };
  return {
    isBusy: isBusy.value,
    fault: fault.value,
    code: code.value,
    setFault,
    send: async (request) => {
      isBusy.value = true;
      const result = await request();
      isBusy.value = false;
      if (result.ok) setFault(undefined);
      else setFault(result.fault, result.code);
      return result.ok;
    },
  };
}
