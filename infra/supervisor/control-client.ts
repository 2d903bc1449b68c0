/** Finding and using a system that runs on a data folder, from another process. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../shared/runtime/errors.ts';
import { controlFile, type ControlActions, type SystemInfo } from './control-server.ts';

export type RunningSystem = {
  readonly info: SystemInfo;
  /** Asks again: processes come and go. */
  readonly refresh: () => Promise<SystemInfo>;
  /** Keeps the system up until it is released or this process ends. */
  readonly lease: () => Promise<{ readonly release: () => void }>;
  /** Asks it to stop; it does so when nobody uses it any more. */
  readonly stop: () => Promise<void>;
  readonly actions: ControlActions;
};

const ANSWER_MAX_MS = 3_000;
/** A process that drains has ten seconds for it. */
const ORDER_MAX_MS = 60_000;

/** The system that runs on this data folder, if one does. */
export async function findSystem(home: string): Promise<RunningSystem | undefined> {
  const control = readControl(home);
  if (control === undefined) return undefined;
  const headers = { authorization: `Bearer ${control.token}` };
  const refresh = async (): Promise<SystemInfo> => {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS);
    const response = await fetch(`${control.url}/system`, { headers, signal });
    if (!response.ok) throw new Error(`the system answered ${response.status}`);
    return (await response.json()) as SystemInfo;
  };
  const post = async (path: string, signal: AbortSignal): Promise<Response> =>
    await fetch(`${control.url}${path}`, { method: 'POST', headers, signal });
  const order = async (method: 'PUT' | 'POST', path: readonly string[]): Promise<void> => {
    const signal = AbortSignal.timeout(ORDER_MAX_MS);
    const url = `${control.url}/${path.map(encodeURIComponent).join('/')}`;
    const response = await fetch(url, { method, headers, signal });
    if (!response.ok) throw new UsageError(await response.text());
  };
  try {
    const info = await refresh();
    return {
      info,
      refresh,
      lease: async () => {
        const controller = new AbortController();
        await post('/lease', controller.signal);
        return { release: () => controller.abort() };
      },
      stop: async () => {
        await post('/stop', AbortSignal.timeout(ANSWER_MAX_MS));
      },
      actions: actionsOf(order),
    };
  } catch {
    // Nobody listens there any more: what is left of a system that was killed.
    return undefined;
  }
}

type Order = (method: 'PUT' | 'POST', path: readonly string[]) => Promise<void>;

const actionsOf = (order: Order): ControlActions => ({
  setPoolSize: (name, size) => order('PUT', ['pools', name, size.toString()]),
  setScaling: (name, { least, most }) =>
    order('PUT', ['scaling', name, least.toString(), most.toString()]),
  restart: (name) => order('POST', ['restart', name]),
  setLogLevel: (level, name) =>
    order('PUT', ['log-level', level, ...(name === undefined ? [] : [name])]),
});

function readControl(home: string): { readonly url: string; readonly token: string } | undefined {
  try {
    return JSON.parse(readFileSync(controlFile(home), 'utf8')) as { url: string; token: string };
  } catch {
    return undefined;
  }
}
