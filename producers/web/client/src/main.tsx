/** Builds the parts of the application and renders it. */
import { render } from 'preact';
import { createHttp } from './api/http.ts';
import { Frame } from './app.tsx';
import { createActions } from './state/actions.ts';
import { AppContext } from './state/app-context.ts';
import { createClock } from './state/clock.ts';
import { createRouter } from './state/router.ts';
import { createStore } from './state/store.ts';
import { createWrites } from './state/writes.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the application');

const clock = createClock();
const store = createStore(clock);
const router = createRouter(store.isOld);
const http = createHttp(() => actions.signedOut());
const writes = createWrites({ store, http, clock });
const actions = createActions({ store, http, writes, router, clock });

render(
  <AppContext.Provider value={{ store, actions, router, http }}>
    <Frame />
  </AppContext.Provider>,
  root,
);
// Most pages have a chart, and its file is the largest. It arrives while the server looks up the session and
// the prices. If it does not arrive, the chart itself asks again and says so.
import('./parts/chart-canvas.ts').catch(() => undefined);
void actions.start();
