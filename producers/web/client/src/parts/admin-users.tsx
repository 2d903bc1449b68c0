/** The list of users, the form to hand out a name, and the new password, which is shown once. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { HandedOut, UserList } from '../../../../../shared/web-api/admin.ts';
import type { UserRole } from '../../../../../shared/web-api/session.ts';
import { filled } from '../api/http.ts';
import { checkUserName } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { attempt } from '../state/result.ts';
import { useAddress } from '../state/use-address.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { useSubmission } from '../state/use-submission.ts';
import { useTextField } from '../state/use-text-field.ts';
import { ROLE_NAMES, UserTable } from './admin-user-table.tsx';
import { Card } from './card.tsx';
import { Field } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';
import { Pager } from './pager.tsx';
import { Secret } from './secret.tsx';
import { Select } from './select.tsx';

export function Users(): JSX.Element {
  const { params, change, cursors, turn } = useAddress();
  const text = params.get('name') ?? '';
  const handed = useSignal<HandedOut | undefined>(undefined);
  const fault = text.trim() === '' ? undefined : checkUserName(text.trim());
  const query = {
    q: fault === undefined ? filled(text) : undefined,
    cursor: cursors.at(-1),
  };
  const list = useLoaded<UserList>('/admin/users', query);
  const show = (given: HandedOut): void => {
    handed.value = given;
    list.reload();
  };
  return (
    <div class="stack">
      {handed.value !== undefined && (
        <Secret
          key={handed.value.password}
          title={`The password of ${handed.value.user}, shown this once:`}
          secret={handed.value.password}
        />
      )}
      <Card title="Users" flush>
        <div class="filters">
          <Field
            label="Search by name"
            value={text}
            fault={fault}
            hint="Any part of the name"
            onValue={(name) => change({ name: name || undefined, pages: undefined })}
          />
        </div>
        <UserTable list={list} onReset={show} onChange={list.reload} />
        <div class="pager">
          <Pager label="Pages of users" cursors={cursors} onTurn={turn} next={list.value?.next} />
        </div>
      </Card>
      <HandOutForm onDone={show} />
    </div>
  );
}

const ROLES = [
  { value: 'trader', text: ROLE_NAMES.trader },
  { value: 'administrator', text: ROLE_NAMES.administrator },
] as const;

function HandOutForm({ onDone }: { readonly onDone: (given: HandedOut) => void }): JSX.Element {
  const { http } = useApp();
  const submission = useSubmission();
  const name = useTextField(submission);
  const role = useSignal<UserRole>('trader');
  const handOut = async (): Promise<void> => {
    const user = name.text.value;
    const invalid = checkUserName(user);
    submission.setFault(invalid);
    if (invalid !== undefined) return;
    const body = { user, role: role.value };
    const isDone = await submission.send(() =>
      attempt(async () => onDone(await http.send<HandedOut>('POST', '/admin/users', { body }))),
    );
    if (isDone) name.text.value = '';
  };
  return (
    <Card title="Hand out a name">
      <Form onSubmit={handOut}>
        <p class="small quiet">
          A new one, or one that has commands from a workload. Its owner gets a password for the
          first log-in, and chooses another then.
        </p>
        <div class="filter-fields">
          <Field label="User name" {...name.shown} />
          <Select
            label="Role"
            value={role.value}
            options={ROLES}
            onChoose={(value) => (role.value = value === 'administrator' ? value : 'trader')}
          />
        </div>
        <SubmitButton>Hand out</SubmitButton>
      </Form>
    </Card>
  );
}
