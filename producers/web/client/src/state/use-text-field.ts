/** A hook for a text field of a form: its text, and the fault of the form while it is about this field. */
import { useSignal, type Signal } from '@preact/signals';
import type { Submission } from './use-submission.ts';

export type TextField = {
  readonly text: Signal<string>;
  /** The properties of the `Field` that shows it. Typing removes the fault. */
  readonly shown: {
    readonly value: string;
    readonly onValue: (typed: string) => void;
    readonly fault: string | undefined;
  };
};

/** `isFaulty`: whether a fault of the form is about this field, as it always is in a form with one field. */
export function useTextField({ fault, setFault }: Submission, isFaulty = true): TextField {
  const text = useSignal('');
  return {
    text,
    shown: {
      value: text.value,
      onValue: (typed) => {
        text.value = typed;
        setFault(undefined);
      },
      fault: isFaulty ? fault : undefined,
    },
  };
}
