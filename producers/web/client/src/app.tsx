/** The frame around every page, which selects the page by the session and the address. */
import type { JSX } from 'preact';
import type { Session } from '../../../../shared/web-api/session.ts';
import { Page } from './pages/page.tsx';
import { PortfolioPage } from './pages/portfolio.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { TradePage } from './pages/trade.tsx';
import { TriggersPage } from './pages/triggers.tsx';
import { Banner } from './parts/banner.tsx';
import { lazyPage } from './parts/lazy-page.tsx';
import { ShortcutHelp } from './parts/shortcut-help.tsx';
import { Toasts } from './parts/toasts.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { checkSymbol } from './pure/route.ts';
import { useApp } from './state/app-context.ts';

// The pages that a trader opens seldom are not in the file that every first visit waits for.
const AdminPage = lazyPage(async () => (await import('./pages/admin.tsx')).AdminPage);
const HistoryPage = lazyPage(async () => (await import('./pages/history.tsx')).HistoryPage);
const InboxPage = lazyPage(async () => (await import('./pages/inbox.tsx')).InboxPage);
const settings = () => import('./pages/settings.tsx');
const SettingsPage = lazyPage(async () => (await settings()).SettingsPage);
const ChangeGivenPassword = lazyPage(async () => (await settings()).ChangeGivenPassword);

export function Frame(): JSX.Element {
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Toolbar />
      <Banner />
      <main id="content" class="page" tabIndex={-1}>
        <Shown />
      </main>
      <Toasts />
      <ShortcutHelp />
    </>
  );
}

function Shown(): JSX.Element {
  const { store, router } = useApp();
  const session = store.session.value;
  const { page } = router.route.value;
  if (session === undefined) return <p class="quiet">Connecting …</p>;
  if (session === null) return <SignInPage mode={page === 'signup' ? 'signup' : 'login'} />;
  if (session.passwordChangeNeeded) return <ChangeGivenPassword />;
  return <PageOf session={session} />;
}

function PageOf({ session }: { readonly session: Session }): JSX.Element {
  const { router } = useApp();
  const { page, symbol, part, badSymbol } = router.route.value;
  switch (page) {
    case 'login':
    case 'signup':
    case 'trade':
      return <TradePage symbol={symbol} />;
    case 'portfolio':
      return <PortfolioPage />;
    case 'triggers':
      return <TriggersPage symbol={symbol} />;
    case 'history':
      return <HistoryPage />;
    case 'inbox':
      return <InboxPage />;
    case 'settings':
      return <SettingsPage session={session} />;
    case 'admin':
      return session.role === 'administrator' ? <AdminPage part={part} /> : <Nothing />;
    case 'unknown':
      return <Nothing why={badSymbol && checkSymbol(badSymbol)} />;
  }
}

const Nothing = ({ why = 'Perhaps the address is mistyped.' }): JSX.Element => (
  <Page title="There is no such page">
    <p>
      {why} <a href="/trade">To the trade page</a>
    </p>
  </Page>
);
