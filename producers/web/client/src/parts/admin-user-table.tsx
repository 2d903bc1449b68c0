/** A page of users, with the actions on each: change the role, disable, log out, reset the password. */
import type { JSX } from 'preact';
import type {
  ChangedUser,
  HandedOut,
  UserChange,
  UserEntry,
  UserList,
} from '../../../../../shared/web-api/admin.ts';
import { formatMoney } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { attempt } from '../state/result.ts';
import type { Loaded } from '../state/use-loaded.ts';
import { Empty } from './card.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { Loading } from './loading.tsx';
import { When } from './when.tsx';

export const ROLE_NAMES = { trader: 'Trader', administrator: 'Administrator' } as const;

type Changes = {
  readonly onReset: (given: HandedOut) => void;
  readonly onChange: () => void;
};

type UserTableProps = Changes & {
  readonly list: Loaded<UserList>;
};

export const UserTable = ({ list, ...changes }: UserTableProps): JSX.Element =>
  list.value === undefined ? (
    <Loading of={list} />
  ) : list.value.users.length === 0 ? (
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
        {list.value.users.map((user) => (
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

/** The changes to each role. */
const ROLE_CHANGES = {
  trader: { role: 'trader', verb: 'Demote', noun: 'a trader' },
  administrator: { role: 'administrator', verb: 'Promote', noun: 'an administrator' },
} as const;

const ENDS_ALL = 'It ends their sessions and tokens.';

function UserActions({
  user: { user: name, role, disabled },
  onReset,
  onChange,
}: Changes & { readonly user: UserEntry }): JSX.Element {
  const { http } = useApp();
  const act = useAct();
  const path = `/admin/users/${encodeURIComponent(name)}`;
  const reset = (): Promise<void> =>
    act(async () => onReset(await http.send<HandedOut>('POST', `${path}/password`)));
  const endSessions = (): Promise<void> =>
    act(() => http.send('DELETE', `${path}/sessions`), `${name} is logged out everywhere`);
  const change = (body: UserChange, done: string): Promise<void> =>
    act(async () => {
      await http.send<ChangedUser>('PATCH', path, { body });
      onChange();
    }, `${name} is ${done}`);
  const next = ROLE_CHANGES[role === 'administrator' ? 'trader' : 'administrator'];
  const toggle = disabled ? 'Enable' : 'Disable';
  return (
    <div class="row">
      <Action
        text="Reset"
        label={`Reset the password of ${name}`}
        question={`Give ${name} a new password? ${ENDS_ALL}`}
        onConfirm={reset}
      />
      <Action
        text="Log out"
        label={`Log out ${name} everywhere`}
        question={`Log ${name} out everywhere? Their tokens stay valid.`}
        onConfirm={endSessions}
      />
      <Action
        text={next.verb}
        label={`${next.verb} ${name} to ${next.role}`}
        question={`Make ${name} ${next.noun}? ${ENDS_ALL}`}
        onConfirm={() => change({ role: next.role }, `${next.noun} now`)}
      />
      <Action
        text={toggle}
        label={`${toggle} ${name}`}
        question={`${toggle} ${name}? ${ENDS_ALL}`}
        onConfirm={() => change({ disabled: !disabled }, disabled ? 'enabled' : 'disabled')}
      />
    </div>
  );
}

/** Returns a function that runs an act of the administrator, and tells what was done or why it was not. */
function useAct(): (act: () => Promise<unknown>, done?: string) => Promise<void> {
  const { actions } = useApp();
  return async (act, done) => {
    const result = await attempt(act);
    if (!result.ok) {
      const title = 'Nothing was changed';
      actions.notify({ kind: 'bad', title, detail: result.fault, takesFocus: true });
    } else if (done !== undefined) {
      actions.notify({ kind: 'good', title: done, takesFocus: true });
    }
  };
}

type ActionProps = {
  readonly text: string;
  readonly label: string;
  readonly question: string;
  readonly onConfirm: () => Promise<void>;
};

const Action = ({ onConfirm, ...props }: ActionProps): JSX.Element => (
  <ConfirmButton {...props} safeText="Go back" isCalm onConfirm={() => void onConfirm()} />
);
