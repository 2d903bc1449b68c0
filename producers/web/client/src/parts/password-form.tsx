/** A form that changes the user's own password. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { checkNewPassword, PASSWORD_LENGTH_MAX } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { Field } from './field.tsx';

export function PasswordForm(): JSX.Element {
  const { actions } = useApp();
  const current = useSignal('');
  const next = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const change = async (): Promise<void> => {
    fault.value = checkNewPassword(next.value);
    if (fault.value !== undefined) return;
    isBusy.value = true;
    const result = await actions.changePassword(current.value, next.value);
    isBusy.value = false;
    if (!result.ok) {
      fault.value = result.fault;
      return;
    }
    current.value = '';
    next.value = '';
    actions.notify({ kind: 'good', title: 'Password changed' });
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void change();
      }}
    >
      <Field
        label="Present password"
        type="password"
        autocomplete="current-password"
        required
        maxLength={PASSWORD_LENGTH_MAX}
        value={current.value}
        onValue={(value) => (current.value = value)}
      />
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        required
        maxLength={PASSWORD_LENGTH_MAX}
        value={next.value}
        onValue={(value) => (next.value = value)}
        fault={fault.value}
        hint="At least 10 characters"
      />
      <button class="button" type="submit" disabled={isBusy.value}>
        {isBusy.value && <span class="spinner" aria-hidden="true" />}
        Change the password
      </button>
    </form>
  );
}
