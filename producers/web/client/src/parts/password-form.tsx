/** A form that changes the user's own password. */
import type { JSX } from 'preact';
import { checkNewPassword, checkPassword } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { useTextField } from '../state/use-text-field.ts';
import { Field } from './field.tsx';
import { Form, FormFault, SubmitButton } from './form.tsx';

/** The field that each code is about; other faults are about the form. */
const FIELDS: Readonly<Record<string, 'current' | 'next'>> = {
  'credentials-wrong': 'current',
  'password-weak': 'next',
};

export function PasswordForm(): JSX.Element {
  const { actions } = useApp();
  const submission = useSubmission();
  const { isBusy, fault, code, setFault, send } = submission;
  const faulty = code === undefined ? undefined : FIELDS[code];
  const current = useTextField(submission, faulty === 'current');
  const next = useTextField(submission, faulty === 'next');
  const change = async (): Promise<void> => {
    const wrong = checkPassword(current.text.value);
    const invalid = wrong ?? checkNewPassword(next.text.value);
    setFault(invalid, wrong === undefined ? 'password-weak' : 'credentials-wrong');
    if (invalid !== undefined) return;
    if (!(await send(() => actions.changePassword(current.text.value, next.text.value)))) return;
    current.text.value = '';
    next.text.value = '';
    actions.notify({ kind: 'good', title: 'Password changed' });
  };
  return (
    <Form onSubmit={change}>
      <Field
        label="Present password"
        type="password"
        autocomplete="current-password"
        {...current.shown}
      />
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        hint="At least 10 characters"
        {...next.shown}
      />
      <FormFault fault={faulty === undefined ? fault : undefined} />
      <SubmitButton isBusy={isBusy}>Change the password</SubmitButton>
    </Form>
  );
}
