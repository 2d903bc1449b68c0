/** The settings page: the user's password, sessions and tokens. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type {
  NewToken,
  Session,
  SessionEntry,
  SessionList,
  TokenEntry,
  TokenList,
} from '../../../../../shared/web-api/session.ts';
import { messageOf } from '../api/problem.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { PasswordForm } from '../parts/password-form.tsx';
import { Select } from '../parts/select.tsx';
import { describeBrowser } from '../pure/describe-browser.ts';
import { formatAge } from '../pure/countdown.ts';
import { formatDay, formatInstant } from '../pure/time.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

export const SettingsPage = ({ session }: { readonly session: Session }): JSX.Element => (
  <Page title="Settings">
    <div class="columns halves">
      <div class="stack">
        <Card title="Account">
          <dl class="facts">
            <div>
              <dt>User name</dt>
              <dd>{session.user}</dd>
            </div>
            <div>
              <dt>Role</dt>
              <dd>{session.role === 'administrator' ? 'Administrator' : 'Trader'}</dd>
            </div>
          </dl>
        </Card>
        <Card title="Password">
          <PasswordForm />
        </Card>
      </div>
      <div class="stack">
        <Sessions />
        <Tokens />
      </div>
    </div>
  </Page>
);

/** The only page that is open to a user whose password was handed out. */
export const ChangeGivenPassword = (): JSX.Element => (
  <Page title="Choose your own password">
    <div class="welcome">
      <Card>
        <div class="stack">
          <p>The password you were given is for this once. Choose one that only you know.</p>
          <PasswordForm />
        </div>
      </Card>
    </div>
  </Page>
);

function Sessions(): JSX.Element {
  const { http, actions } = useApp();
  const list = useLoaded<SessionList>('/sessions');
  const end = async (id: string): Promise<void> => {
    try {
      await http.send('DELETE', `/sessions/${encodeURIComponent(id)}`);
    } catch (error: unknown) {
      actions.notify({ kind: 'bad', title: 'It was not ended', detail: messageOf(error) });
    }
    list.reload();
  };
  return (
    <Card title="Where you are logged in">
      {list.value === undefined ? (
        <Empty title={list.fault ?? 'Loading …'} />
      ) : (
        <ul class="items">
          {list.value.sessions.map((session) => (
            <SessionItem key={session.id} session={session} onEnd={() => void end(session.id)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

type SessionItemProps = { readonly session: SessionEntry; readonly onEnd: () => void };

function SessionItem({ session, onEnd }: SessionItemProps): JSX.Element {
  const { store } = useApp();
  const browser = describeBrowser(session.userAgent);
  return (
    <li class="item row apart">
      <div>
        <p class="strong">
          {browser} {session.current && <span class="badge info">This session</span>}
        </p>
        <p class="small quiet">
          {session.address}, last used {formatAge(store.now.value - session.lastSeenAt)}
        </p>
      </div>
      {!session.current && (
        <button
          class="button compact danger"
          type="button"
          aria-label={`Log out ${browser} at ${session.address}`}
          onClick={onEnd}
        >
          Log out
        </button>
      )}
    </li>
  );
}

const LIVES = [
  { value: '30', text: '30 days' },
  { value: '90', text: '90 days' },
  { value: '365', text: '1 year' },
] as const;

function Tokens(): JSX.Element {
  const { http } = useApp();
  const list = useLoaded<TokenList>('/tokens');
  const name = useSignal('');
  const days = useSignal('30');
  const fault = useSignal<string | undefined>(undefined);
  const made = useSignal<NewToken | undefined>(undefined);
  const make = async (): Promise<void> => {
    if (name.value.trim() === '') {
      fault.value = 'Say what it is for.';
      return;
    }
    try {
      const body = { name: name.value.trim(), days: Number(days.value) };
      made.value = await http.send<NewToken>('POST', '/tokens', { body });
      name.value = '';
    } catch (error: unknown) {
      fault.value = messageOf(error);
    }
    list.reload();
  };
  const revoke = async (id: string): Promise<void> => {
    try {
      await http.send('DELETE', `/tokens/${encodeURIComponent(id)}`);
      if (made.value?.id === id) made.value = undefined;
    } catch (error: unknown) {
      fault.value = messageOf(error);
    }
    list.reload();
  };
  return (
    <Card title="API tokens">
      <div class="stack">
        <p class="quiet small">
          A token lets a program trade as you, through <a href="/docs">the API</a>. It is sent as a
          bearer token, or as the password of HTTP Basic.
        </p>
        {made.value !== undefined && (
          <div class="plan" role="status">
            <p class="strong">Copy it now; it is shown this once.</p>
            <code class="secret">{made.value.token}</code>
          </div>
        )}
        {(list.value?.tokens.length ?? 0) > 0 && (
          <ul class="items">
            {list.value?.tokens.map((token) => (
              <TokenItem key={token.id} token={token} onRevoke={() => void revoke(token.id)} />
            ))}
          </ul>
        )}
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <Field
            label="What a new token is for"
            value={name.value}
            maxLength={60}
            placeholder="My price watcher"
            fault={fault.value}
            onValue={(value) => {
              name.value = value;
              fault.value = undefined;
            }}
          />
          <Select
            label="Valid for"
            value={days.value}
            options={LIVES}
            onChoose={(value) => (days.value = value)}
          />
          <button class="button" type="submit">
            Make a token
          </button>
        </form>
      </div>
    </Card>
  );
}

type TokenItemProps = { readonly token: TokenEntry; readonly onRevoke: () => void };

const TokenItem = ({ token, onRevoke }: TokenItemProps): JSX.Element => (
  <li class="item row apart">
    <div>
      <p class="strong">{token.name}</p>
      <p class="small quiet">
        {token.expiresAt === null ? 'Does not expire' : `Until ${formatDay(token.expiresAt)}`}
        {token.lastUsedAt === null
          ? ', never used'
          : `, last used ${formatInstant(token.lastUsedAt)}`}
      </p>
    </div>
    <button
      class="button compact danger"
      type="button"
      aria-label={`Revoke the token ${token.name}`}
      onClick={onRevoke}
    >
      Revoke
    </button>
  </li>
);
