/** The notices on every page: the state of the connection, open commands, and toasts. */
import type { JSX } from 'preact';
import { formatCount } from '../pure/money.ts';
import type { Toast } from '../pure/toasts.ts';
import { useApp } from '../state/app-context.ts';
import { Icon, Spinner } from './icon.tsx';

export const Banner = (): JSX.Element => {
  const { store } = useApp();
  const text = useBannerText();
  return (
    <div role="status">
      {text !== undefined ? (
        <div class="banner">
          <Spinner />
          {text}
        </div>
      ) : (
        store.isOld.value && (
          <div class="banner">
            There is a new version of this page.
            <button class="button compact" type="button" onClick={() => location.reload()}>
              Load it now
            </button>
          </div>
        )
      )}
    </div>
  );
};

function useBannerText(): string | undefined {
  const { store } = useApp();
  if (store.trouble.value !== undefined) return store.trouble.value;
  const unsure = store.writes.value.filter(({ tries }) => tries > 0);
  if (unsure.length > 0) {
    const what = unsure.length === 1 ? 'your last command' : `${unsure.length} of your commands`;
    return `No answer yet for ${what}. Asking again; it is done once at most.`;
  }
  if (store.connection.value === 'lost') {
    return 'Connection lost. Prices may be old; connecting again …';
  }
  return undefined;
}

export function Toasts(): JSX.Element {
  const { store } = useApp();
  return (
    <div class="toasts" role="log" aria-live="polite" aria-label="Notices">
      {store.toasts.value.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

const ICONS = { good: 'check', bad: 'warn', info: 'info' } as const;

function ToastCard({ toast }: { readonly toast: Toast }): JSX.Element {
  const { actions } = useApp();
  return (
    <div class={`toast ${toast.kind}`}>
      <Icon name={ICONS[toast.kind]} />
      <div>
        <p class="strong">{toast.title}</p>
        {toast.detail !== undefined && <p class="small">{toast.detail}</p>}
        {toast.link !== undefined && (
          <p class="small">
            <a href={toast.link.href}>{toast.link.text}</a>
          </p>
        )}
        {toast.number !== undefined && (
          <p class="small quiet">Transaction {formatCount(toast.number)}</p>
        )}
      </div>
      <button
        class="icon-button"
        type="button"
        aria-label={`Dismiss: ${toast.title}`}
        onClick={() => actions.dismiss(toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
