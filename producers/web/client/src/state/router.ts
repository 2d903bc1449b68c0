/** Keeps the address bar and the shown page in agreement. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { parseRoute, type Route } from '../pure/route.ts';

export type Router = {
  readonly route: ReadonlySignal<Route>;
  /** The parameters of the address, with their question mark. */
  readonly search: ReadonlySignal<string>;
  /** Opens a path, which may have parameters. */
  readonly go: (path: string) => void;
  /** Replaces the parameters of the address. A step is added to the history of the browser. */
  readonly setSearch: (search: string, isStep: boolean) => void;
};

/** Creates the router. An outdated page reloads on a change of its address, when no input can be lost. */
export function createRouter(isOld: ReadonlySignal<boolean>): Router {
  const route = signal(parseRoute(location.pathname));
  const search = signal(location.search);
  const read = (): void => {
    route.value = parseRoute(location.pathname);
    search.value = location.search;
  };
  addEventListener('popstate', read);
  const go = (path: string): void => {
    if (path === location.pathname + location.search) return;
    if (isOld.peek()) {
      location.assign(path);
      return;
    }
    history.pushState(null, '', path);
    read();
    scrollTo(0, 0);
  };
  const setSearch = (params: string, isStep: boolean): void => {
    const path = params === '' ? location.pathname : `${location.pathname}?${params}`;
    if (isStep) history.pushState(null, '', path);
    else history.replaceState(null, '', path);
    read();
  };
  document.addEventListener('click', (event) => {
    const path = innerPathOf(event);
    if (path === undefined) return;
    event.preventDefault();
    go(path);
  });
  return { route, search, go, setSearch };
}

/** Returns the path of a plain click on a link to a page of this application; undefined for other clicks. */
function innerPathOf(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.target !== '' || link.hasAttribute('download')) return undefined;
  if (link.origin !== location.origin || link.hash !== '') return undefined;
  return parseRoute(link.pathname).page === 'unknown' ? undefined : link.pathname + link.search;
}
