/** A hook for a form that sends one request at a time. */
import { useSignal } from '@preact/signals';
import type { Result } from './result.ts';

export type Submission = {
  readonly isBusy: boolean;
  /** The sentence for the person that says why the form was not sent or was refused. */
  readonly fault: string | undefined;
  /** Shows a fault; `undefined` removes it. */
  readonly setFault: (fault: string | undefined) => void;
  /** Sends a request and shows its fault. Resolves to whether it succeeded. */
  readonly send: (request: () => Promise<Result<unknown>>) => Promise<boolean>;
};

export function useSubmission(): Submission {
  const isBusy = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  return {
    isBusy: isBusy.value,
    fault: fault.value,
    setFault: (text) => {
      fault.value = text;
    },
    send: async (request) => {
      isBusy.value = true;
      const result = await request();
      isBusy.value = false;
      fault.value = result.ok ? undefined : result.fault;
      return result.ok;
    },
  };
}
