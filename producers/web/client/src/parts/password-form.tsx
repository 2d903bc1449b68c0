/** A form that changes the user's own password. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { PASSWORD_LENGTH_MAX } from '../../../../../shared/web-api/credential-rules.ts';
import { checkNewPassword } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { Field } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';

export function PasswordForm(): JSX.Element {
  const { actions } = useApp();
  const current = useSignal('');
  const next = useSignal('');
  const { isBusy, fault, setFault, send } = useSubmission();
  const change = async (): Promise<void> => {
    const weakness = checkNewPassword(next.value);
    if (weakness !== undefined) {
      setFault(weakness);
      return;
    }
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
        fault={fault}
        hint="At least 10 characters"
      />
      <SubmitButton isBusy={isBusy}>Change the password</SubmitButton>
    </Form>
  );
}
