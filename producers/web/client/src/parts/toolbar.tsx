/** The toolbar of every page, with the navigation and the user. */
import type { JSX } from 'preact';
import type { Session } from '../../../../../shared/web-api/session.ts';
import type { PageName } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { Icon, type IconName } from './icon.tsx';
import { OrderBadge } from './order-badge.tsx';

type Destination = { readonly page: PageName & IconName; readonly text: string };

const DESTINATIONS: readonly Destination[] = [
  { page: 'trade', text: 'Trade' },
  { page: 'portfolio', text: 'Portfolio' },
  { page: 'triggers', text: 'Triggers' },
  { page: 'history', text: 'History' },
];
const ADMIN: Destination = { page: 'admin', text: 'Admin' };

export function Toolbar(): JSX.Element {
  const { store } = useApp();
  const session = store.session.value;
  return (
    <header class="toolbar">
      <div class="toolbar-row">
        <a class="brand" href="/trade" aria-label="daytrade: to the trade page">
          <span class="brand-mark">
            <Icon name="mark" />
          </span>
          <span class="brand-name">daytrade</span>
        </a>
        {session && !session.passwordChangeNeeded && <Navigation session={session} />}
        {session && <OrderBadge />}
        <div class="toolbar-end">{session ? <Who session={session} /> : <Welcome />}</div>
      </div>
    </header>
  );
}

function Navigation({ session }: { readonly session: Session }): JSX.Element {
  const { router } = useApp();
  const current = router.route.value.page;
  const isAdministrator = session.role === 'administrator';
  return (
    <nav class="nav" aria-label="Pages">
      <ul>
        {[...DESTINATIONS, ...(isAdministrator ? [ADMIN] : [])].map(({ page, text }) => (
          <li key={page}>
            <a href={`/${page}`} aria-current={current === page ? 'page' : undefined}>
              <Icon name={page} />
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Who({ session }: { readonly session: Session }): JSX.Element {
  const { actions, router } = useApp();
  const isHere = router.route.value.page === 'settings';
  return (
    <>
      <InboxLink />
      <a class="who" href="/settings" aria-current={isHere ? 'page' : undefined}>
        <span class="avatar" aria-hidden="true">
          {session.user.charAt(0)}
        </span>
        <span class="who-name">{session.user}</span>
        <span class="unseen">: settings</span>
      </a>
      <button class="button compact" type="button" onClick={() => void actions.signOut()}>
        Log out
      </button>
    </>
  );
}

/** A bell with the number of fired triggers that the user has not seen. */
function InboxLink(): JSX.Element {
  const { store, router } = useApp();
  const unread = store.portfolio.value?.unreadFirings ?? 0;
  const isHere = router.route.value.page === 'inbox';
  const count = unread > 99 ? '99+' : unread.toString();
  return (
    <a class="bell" href="/inbox" aria-current={isHere ? 'page' : undefined}>
      <Icon name="inbox" />
      <span class="unseen">Inbox{unread > 0 && `: ${count} unread`}</span>
      {unread > 0 && (
        <span class="bell-count" aria-hidden="true">
          {count}
        </span>
      )}
    </a>
  );
}

function Welcome(): JSX.Element {
  const { store, router } = useApp();
  if (store.session.value === undefined) return <></>;
  const { page } = router.route.value;
  const current = (name: PageName): 'page' | undefined => (page === name ? 'page' : undefined);
  return (
    <>
      <a class="button compact plain" href="/login" aria-current={current('login')}>
        Log in
      </a>
      <a class="button compact primary" href="/signup" aria-current={current('signup')}>
        Sign up
      </a>
    </>
  );
}
