/** A form that changes the user's own password. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { checkNewPassword, checkPassword } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { Field } from './field.tsx';
import { Form, FormFault, SubmitButton } from './form.tsx';

/** The field that each code is about; other faults are about the form. */
const FIELDS: Readonly<Record<string, 'current' | 'next'>> = {
  'credentials-wrong': 'current',
  'password-weak': 'next',
};

export function PasswordForm(): JSX.Element {
  const { actions } = useApp();
  const current = useSignal('');
  const next = useSignal('');
  const { isBusy, fault, code, setFault, send } = useSubmission();
  const faulty = code === undefined ? undefined : FIELDS[code];
  const change = async (): Promise<void> => {
    const wrong = checkPassword(current.value);
    const invalid = wrong ?? checkNewPassword(next.value);
    setFault(invalid, wrong === undefined ? 'password-weak' : 'credentials-wrong');
    if (invalid !== undefined) return;
    if (!(await send(() => actions.changePassword(current.value, next.value)))) return;
    current.value = '';
    next.value = '';
    actions.notify({ kind: 'good', title: 'Password changed' });
  };
  return (
    <Form onSubmit={change}>
      <Field
        label="Present password"
        type="password"
        autocomplete="current-password"
        value={current.value}
        onValue={(value) => {
          current.value = value;
          setFault(undefined);
        }}
        fault={faulty === 'current' ? fault : undefined}
      />
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        value={next.value}
        onValue={(value) => {
          next.value = value;
          setFault(undefined);
        }}
        fault={faulty === 'next' ? fault : undefined}
        hint="At least 10 characters"
      />
      <FormFault fault={faulty === undefined ? fault : undefined} />
      <SubmitButton isBusy={isBusy}>Change the password</SubmitButton>
    </Form>
  );
}
