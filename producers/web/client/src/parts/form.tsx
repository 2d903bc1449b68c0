/** A form that sends its fields by a function, with its button and its fault. */
import type { ComponentChildren, JSX } from 'preact';
import { Spinner } from './icon.tsx';

type FormProps = {
  readonly onSubmit: () => Promise<void>;
  readonly children: ComponentChildren;
};

export const Form = ({ onSubmit, children }: FormProps): JSX.Element => (
  <form
    class="stack"
    onSubmit={(event) => {
      event.preventDefault();
      const form = event.currentTarget;
      void onSubmit().then(() => requestAnimationFrame(() => focusFault(form)));
    }}
  >
    {children}
  </form>
);

/** Focuses the first field with a fault, so that a screen reader reads the fault. */
function focusFault(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

type SubmitButtonProps = {
  /** The classes that say how it looks. */
  readonly look?: string;
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
};

export const SubmitButton = ({
  look = '',
  isBusy = false,
  children,
}: SubmitButtonProps): JSX.Element => (
  <button class={`button ${look}`} type="submit" disabled={isBusy}>
    {isBusy && <Spinner />}
    {children}
  </button>
);

/** The fault of a whole form, if there is one. */
export const FormFault = ({ fault }: { readonly fault: string | undefined }): JSX.Element =>
  fault === undefined ? (
    <></>
  ) : (
    <p class="fault" role="alert">
      {fault}
    </p>
  );
