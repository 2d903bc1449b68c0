/** The user's sessions, each of which can be ended, and all others at once. */
import type { JSX } from 'preact';
import type { SessionEntry, SessionList } from '../../../../../shared/web-api/session.ts';
import { formatAge } from '../pure/countdown.ts';
import { describeBrowser } from '../pure/describe-browser.ts';
import { useApp } from '../state/app-context.ts';
import { attempt } from '../state/result.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card } from './card.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { Loading } from './loading.tsx';

export function Sessions(): JSX.Element {
  const { http, actions } = useApp();
  const list = useLoaded<SessionList>('/sessions');
  const end = async (path: string, title: string): Promise<void> => {
    const ended = await attempt(() => http.send('DELETE', path));
    actions.notify(
      ended.ok
        ? { kind: 'good', title, takesFocus: true }
        : { kind: 'bad', title: 'Nothing was ended', detail: ended.fault },
    );
    list.reload();
  };
  const sessions = list.value?.sessions;
  return (
    <Card
      title="Where you are logged in"
      action={
        sessions?.some(({ current }) => !current) === true && (
          <ConfirmButton
            text="Log out everywhere else"
            label="Log out everywhere else"
            question="End all other sessions?"
            onConfirm={() => void end('/sessions', 'Logged out everywhere else')}
          />
        )
      }
    >
      {sessions === undefined ? (
        <Loading of={list} />
      ) : (
        <ul class="items">
          {sessions.map((session) => (
            <SessionItem
              key={session.id}
              session={session}
              onEnd={() =>
                void end(`/sessions/${encodeURIComponent(session.id)}`, 'Logged out there')
              }
            />
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
        <ConfirmButton
          text="Log out"
          label={`Log out ${browser} at ${session.address}`}
          question="End this session?"
          onConfirm={onEnd}
        />
      )}
    </li>
  );
}
