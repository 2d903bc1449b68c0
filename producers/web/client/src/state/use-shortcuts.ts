/** A hook that listens to the keyboard shortcuts, unless the user has switched them off. */
import { useEffect } from 'preact/hooks';
import { shortcutOf, type ShortcutKey } from '../pure/shortcuts.ts';
import { useApp, type App } from './app-context.ts';

/** `showHelp` opens the list of the shortcuts. */
export function useShortcuts(showHelp: () => void): void {
  const app = useApp();
  const isOn = app.store.preferences.shortcuts.value === 'on' && app.store.session.value !== null;
  useEffect(() => {
    if (!isOn) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      const key = shortcutOf(event, isTypedInto(event.target));
      if (key === undefined || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      run(key, app, showHelp);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [isOn]);
}

const isTypedInto = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea') !== null;

function run(key: ShortcutKey, app: App, showHelp: () => void): void {
  switch (key) {
    case '/':
      search(app);
      break;
    case 'b':
    case 's':
      openTicket(key === 'b' ? 'buy' : 'sell', app);
      break;
    case '?':
      showHelp();
  }
}

/** Goes to a page that has a search, if this one has none. */
function search({ router, store }: App): void {
  store.asksSearch.value = true;
  const { page } = router.route.peek();
  if (page !== 'trade' && page !== 'triggers') router.go('/trade');
}

/** Opens the ticket of the stock of this page; without one, the search. */
function openTicket(side: 'buy' | 'sell', app: App): void {
  const { page, symbol } = app.router.route.peek();
  if (symbol === undefined) {
    search(app);
    return;
  }
  app.store.askedSide.value = side;
  if (page !== 'trade') app.router.go(`/trade/${symbol}`);
}
