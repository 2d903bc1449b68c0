/** The settings page: the user's password, sessions and tokens. */
import type { JSX } from 'preact';
import type { Session, SessionEntry, SessionList } from '../../../../../shared/web-api/session.ts';
import { messageOf } from '../api/problem.ts';
import { Card } from '../parts/card.tsx';
import { Loading } from '../parts/loading.tsx';
import { PasswordForm } from '../parts/password-form.tsx';
import { Tokens } from '../parts/tokens.tsx';
import { describeBrowser } from '../pure/describe-browser.ts';
import { formatAge } from '../pure/countdown.ts';
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
        <Loading of={list} />
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
