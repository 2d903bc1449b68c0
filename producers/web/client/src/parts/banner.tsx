/** The banner of every page: the state of the connection, and open commands. */
import type { JSX } from 'preact';
import { useApp } from '../state/app-context.ts';
import { Spinner } from './icon.tsx';

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
