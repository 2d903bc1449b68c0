/** Finds a running system by its data folder, and controls it from another process. */
import { readFileSync } from 'node:fs';
import { CodedError, UsageError } from '../runtime/errors.ts';
import { OWN_COMMAND } from '../runtime/own-command.ts';
import {
  controlFile,
  type ControlActions,
  type ControlAddress,
  type NotRunning,
  type Phase,
  type SystemInfo,
} from './system-info.ts';
import type { OperationsView } from '../web-api/operations.ts';
import { openLease, type Lease } from './lease.ts';

export type RunningSystem = {
  readonly info: SystemInfo;
  /** Requests the information again: processes start and end. */
  readonly refresh: () => Promise<SystemInfo>;
  /** Keeps the system up until it is released or this process ends. */
  readonly lease: () => Promise<Lease>;
  /**
   * Asks the system to stop, which it does once the last lease ends. Resolves to the number of
   * leases; rejects with `not-finished` if the system refuses.
   */
  readonly stop: () => Promise<number>;
  readonly actions: ControlActions;
};

const ANSWER_MAX_MS = 3_000;
/** The longest wait for an order, in ms. A process may take ten seconds to drain. */
const ORDER_MAX_MS = 60_000;
const NOT_DONE = `The system did not say within ${ORDER_MAX_MS / 1_000} s that it was done. See how it is:`;

/**
 * Returns the system that runs on this data folder; undefined if none does, or if it cannot be
 * used.
 */
export async function findSystem(home: string): Promise<RunningSystem | undefined> {
  const control = readControl(home);
  if (control === undefined || control === 'forbidden') return undefined;
  const answer = await askControl(control);
  return answer?.phase === 'running' ? answer.system : undefined;
}

/**
 * Returns the figures of the system on this data folder, from the samples after an instant on;
 * undefined if no system answers.
 */
export async function loadOperations(
  home: string,
  after: number,
): Promise<OperationsView | undefined> {
  const control = readControl(home);
  if (control === undefined || control === 'forbidden') return undefined;
  try {
    const response = await getFrom(control, `operations?after=${after}`);
    return response.ok ? ((await response.json()) as OperationsView) : undefined;
  } catch {
    return undefined;
  }
}

const headersOf = ({ token }: ControlAddress) => ({ authorization: `Bearer ${token}` });

const getFrom = (control: ControlAddress, path: string): Promise<Response> =>
  fetch(`${control.url}/${path}`, {
    headers: headersOf(control),
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  });

type ControlAnswer =
  | { readonly phase: 'running'; readonly system: RunningSystem }
  | {
      readonly phase: Exclude<Phase, 'running'>;
      readonly pid: number;
      readonly stop: () => Promise<void>;
    };

/** Returns undefined if nobody answers: the system was killed, or it hangs. */
export async function askControl(control: ControlAddress): Promise<ControlAnswer | undefined> {
  const headers = headersOf(control);
  const get = (): Promise<Response> => getFrom(control, 'system');
  const refresh = async (): Promise<SystemInfo> => {
    const response = await get();
    if (!response.ok) throw new Error(`the system answered ${response.status}`);
    return (await response.json()) as SystemInfo;
  };
  const order = async (method: 'PUT' | 'POST', path: readonly string[]): Promise<void> => {
    const signal = AbortSignal.timeout(ORDER_MAX_MS);
    const url = `${control.url}/${path.map(encodeURIComponent).join('/')}`;
    const response = await fetch(url, { method, headers, signal }).catch((cause: unknown) => {
      throw new CodedError('not-finished', `${NOT_DONE} ${OWN_COMMAND} status`, { cause });
    });
    if (response.ok) return;
    const reason = await response.text();
    throw response.status === 400 ? new UsageError(reason) : new CodedError('not-finished', reason);
  };
  const stop = (): Promise<number> => askToStop(control, headers);
  try {
    const response = await get();
    if (response.status === 503) {
      const { pid, phase } = (await response.json()) as NotRunning;
      const isStarting = phase === 'starting';
      const end = async (): Promise<void> => {
        await stop();
      };
      return { phase: isStarting ? phase : 'stopping', pid, stop: end };
    }
    if (!response.ok) return undefined;
    const info = (await response.json()) as SystemInfo;
    const system = {
      info,
      refresh,
      lease: () => openLease(control),
      stop,
      actions: actionsOf(order),
    };
    return { phase: 'running', system };
  } catch {
    return undefined;
  }
}

/** Resolves to the number of leases that the system waits for. */
async function askToStop(
  { url }: ControlAddress,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const signal = AbortSignal.timeout(ANSWER_MAX_MS);
  const response = await fetch(`${url}/stop`, { method: 'POST', headers, signal });
  const text = await response.text();
  if (!response.ok) {
    throw new CodedError('not-finished', `The system refused to stop: ${response.status} ${text}`);
  }
  return Number(text);
}

type Order = (method: 'PUT' | 'POST', path: readonly string[]) => Promise<void>;

const actionsOf = (order: Order): ControlActions => ({
  setPoolSize: (name, size) => order('PUT', ['pools', name, size.toString()]),
  setScaling: (name, { least, most }) =>
    order('PUT', ['scaling', name, least.toString(), most.toString()]),
  restart: (name, build) =>
    order('POST', ['restart', name, ...(build === undefined ? [] : [build])]),
  setLogLevel: (level, name) =>
    order('PUT', ['log-level', level, ...(name === undefined ? [] : [name])]),
});

/**
 * Returns undefined for JSON that is no control address. Throws a `SyntaxError` for text that is no
 * JSON, such as half a file.
 */
function parseControl(text: string): ControlAddress | undefined {
  const { url, token, pid } = (JSON.parse(text) ?? {}) as Partial<ControlAddress>;
  if (typeof url !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return;
  return { url, token, pid };
}

/**
 * Returns the address of the control server; `forbidden` if the data folder belongs to another
 * user.
 */
export function readControl(home: string): ControlAddress | 'forbidden' | undefined {
  try {
    return parseControl(readFileSync(controlFile(home), 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : undefined;
  }
}
