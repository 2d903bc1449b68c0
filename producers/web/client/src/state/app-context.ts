/** The dependencies of the components, made once in main. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Http } from '../api/http.ts';
import type { Actions } from './actions.ts';
import type { Router } from './router.ts';
import type { Store } from './store.ts';

export type App = {
  readonly store: Store;
  readonly actions: Actions;
  readonly router: Router;
  readonly http: Http;
};

export const AppContext = createContext<App | undefined>(undefined);

/** Returns the dependencies; throws outside the application. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('a component was used outside the app');
  return app;
}
