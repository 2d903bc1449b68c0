/** Who there is, and handing a name out. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { HandedOut, UserList } from '../../../../../shared/web-api/admin.ts';
import type { Role } from '../../../../../shared/web-api/session.ts';
import { filled } from '../api/http.ts';
import { messageOf } from '../api/problem.ts';
import { checkUserName } from '../pure/check-credentials.ts';
import { formatMoney } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card, Empty } from './card.tsx';
import { Field } from './field.tsx';
import { Select } from './select.tsx';

export function Users(): JSX.Element {
  const text = useSignal('');
  const cursors = useSignal<readonly string[]>([]);
  const query = { q: filled(text.value), cursor: cursors.value.at(-1) };
  const list = useLoaded<UserList>('/admin/users', query);
  const next = list.value?.next ?? null;
  return (
    <div class="columns with-side">
      <Card title="Users" flush>
        <div class="filters">
          <Field
            label="Search by name"
            value={text.value}
            maxLength={64}
            onValue={(value) => {
              text.value = value.replace(/[^A-Za-z0-9_.-]/g, '');
              cursors.value = [];
            }}
          />
        </div>
        <UserTable users={list.value?.users} fault={list.fault} />
        <nav class="row pager" aria-label="Pages of users">
          <button
            class="button compact"
            type="button"
            disabled={cursors.value.length === 0}
            onClick={() => (cursors.value = cursors.value.slice(0, -1))}
          >
            Before
          </button>
          <button
            class="button compact"
            type="button"
            disabled={next === null}
            onClick={() => {
              if (next !== null) cursors.value = [...cursors.value, next];
            }}
          >
            More
          </button>
        </nav>
      </Card>
      <HandOutForm onDone={list.reload} />
    </div>
  );
}

type UserTableProps = {
  readonly users: UserList['users'] | undefined;
  readonly fault: string | undefined;
};

const UserTable = ({ users, fault }: UserTableProps): JSX.Element =>
  users === undefined ? (
    <Empty title={fault ?? 'Loading …'} />
  ) : users.length === 0 ? (
    <Empty title="Nobody by that name." />
  ) : (
    <table class="table cards">
      <caption class="unseen">Users by name</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Cash</th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.user}>
            <th scope="row">{user.user}</th>
            <td data-label="Role">{user.role ?? 'cannot log in'}</td>
            <td data-label="Cash">{user.balance === null ? '–' : formatMoney(user.balance)}</td>
            <td data-label="Last seen">
              {user.lastSeenAt === null ? '–' : new Date(user.lastSeenAt).toLocaleString()}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const ROLES = [
  { value: 'trader', text: 'Trader' },
  { value: 'administrator', text: 'Administrator' },
] as const;

function HandOutForm({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const { http } = useApp();
  const name = useSignal('');
  const role = useSignal<Role>('trader');
  const fault = useSignal<string | undefined>(undefined);
  const handed = useSignal<HandedOut | undefined>(undefined);
  const handOut = async (): Promise<void> => {
    fault.value = checkUserName(name.value);
    if (fault.value !== undefined) return;
    try {
      const body = { user: name.value, role: role.value };
      handed.value = await http.send<HandedOut>('POST', '/admin/users', { body });
      name.value = '';
      onDone();
    } catch (error: unknown) {
      fault.value = messageOf(error);
    }
  };
  return (
    <Card title="Hand a name out">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void handOut();
        }}
      >
        <p class="small quiet">
          Also one that has commands from a workload. Its owner gets a password for the first
          log-in, and chooses another then.
        </p>
        <Field
          label="User name"
          value={name.value}
          maxLength={64}
          fault={fault.value}
          onValue={(value) => {
            name.value = value;
            fault.value = undefined;
          }}
        />
        <Select
          label="Role"
          value={role.value}
          options={ROLES}
          onChoose={(value) => (role.value = value === 'administrator' ? value : 'trader')}
        />
        <button class="button" type="submit">
          Hand it out
        </button>
        {handed.value !== undefined && (
          <div class="plan" role="status">
            <p class="strong">The password of {handed.value.user}, shown this once:</p>
            <code class="secret">{handed.value.password}</code>
          </div>
        )}
      </form>
    </Card>
  );
}
