/** A page of users, with the actions on each: change the role, disable, reset the password. */
import type { JSX } from 'preact';
import type {
  ChangedUser,
  HandedOut,
  UserChange,
  UserEntry,
  UserList,
} from '../../../../../shared/web-api/admin.ts';
import { messageOf } from '../api/problem.ts';
import { formatMoney } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Empty } from './card.tsx';
import { When } from './when.tsx';

export const ROLE_NAMES = { trader: 'Trader', administrator: 'Administrator' } as const;

type Changes = {
  readonly onReset: (given: HandedOut) => void;
  readonly onChange: () => void;
};

type UserTableProps = Changes & {
  readonly users: UserList['users'] | undefined;
  readonly fault: string | undefined;
};

export const UserTable = ({ users, fault, ...changes }: UserTableProps): JSX.Element =>
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
          <th scope="col" class="left">
            Role
          </th>
          <th scope="col">Cash</th>
          <th scope="col">Last seen</th>
          <th scope="col">Access</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow key={user.user} user={user} {...changes} />
        ))}
      </tbody>
    </table>
  );

const roleText = ({ role, disabled }: UserEntry): string =>
  role === null ? 'Not handed out' : `${ROLE_NAMES[role]}${disabled ? ', disabled' : ''}`;

function UserRow({ user, ...changes }: Changes & { readonly user: UserEntry }): JSX.Element {
  const { user: name, role, balance, lastSeenAt } = user;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label="Role" class="text">
        {roleText(user)}
      </td>
      <td data-label="Cash">{balance === null ? '–' : formatMoney(balance)}</td>
      <td data-label="Last seen">{lastSeenAt === null ? 'Never' : <When at={lastSeenAt} />}</td>
      <td data-label="Access" data-empty={role === null ? '' : undefined}>
        {role === null ? '–' : <UserActions user={user} {...changes} />}
      </td>
    </tr>
  );
}

const ENDS = 'It ends their sessions and tokens.';

function UserActions({
  user: { user: name, role, disabled },
  onReset,
  onChange,
}: Changes & { readonly user: UserEntry }): JSX.Element {
  const { http, actions } = useApp();
  const path = `/admin/users/${encodeURIComponent(name)}`;
  const act = async (question: string, work: () => Promise<void>): Promise<void> => {
    if (!confirm(`${question} ${ENDS}`)) return;
    try {
      await work();
    } catch (error: unknown) {
      actions.notify({ kind: 'bad', title: 'Nothing was changed', detail: messageOf(error) });
    }
  };
  const change = async (question: string, body: UserChange): Promise<void> =>
    await act(question, async () => {
      await http.send<ChangedUser>('PATCH', path, { body });
      onChange();
    });
  const isAdministrator = role === 'administrator';
  const otherRole = isAdministrator ? 'trader' : 'administrator';
  return (
    <div class="row">
      <Action
        text="Reset"
        label={`Reset the password of ${name}`}
        onClick={() =>
          act(`Give ${name} a new password?`, async () =>
            onReset(await http.send<HandedOut>('POST', `${path}/password`)),
          )
        }
      />
      <Action
        text={isAdministrator ? 'Demote' : 'Promote'}
        label={isAdministrator ? `Demote ${name} to trader` : `Promote ${name} to administrator`}
        onClick={() =>
          change(`Make ${name} ${isAdministrator ? 'a trader' : 'an administrator'}?`, {
            role: otherRole,
          })
        }
      />
      <Action
        text={disabled ? 'Enable' : 'Disable'}
        label={`${disabled ? 'Enable' : 'Disable'} ${name}`}
        onClick={() =>
          change(`${disabled ? 'Enable' : 'Disable'} ${name}?`, { disabled: !disabled })
        }
      />
    </div>
  );
}

type ActionProps = {
  readonly text: string;
  readonly label: string;
  readonly onClick: () => Promise<void>;
};

const Action = ({ text, label, onClick }: ActionProps): JSX.Element => (
  <button class="button compact" type="button" aria-label={label} onClick={() => void onClick()}>
    {text}
  </button>
);
