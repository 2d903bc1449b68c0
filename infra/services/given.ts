/** Reaches a service that the environment names. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, ConfigError } from '../../shared/runtime/errors.ts';
import { judgeGiven, firstReasonOf } from './given-fault.ts';

/**
 * The longest wait for a service that is starting, or for a host name that is not resolved yet
 * after a boot.
 */
const REACH_MAX_MS = 30_000;
const POLL_MS = 500;

type GivenService = {
  readonly variable: 'DATABASE_URL' | 'AMQP_URL' | 'AMQP_MANAGEMENT_URL';
  /** Resolves when the service answers. */
  readonly probe: (url: string) => Promise<unknown>;
  /** Aborts the wait. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/**
 * Resolves when the service answers. Rejects with a `ConfigError` if waiting does not help, and
 * with `service-unavailable` if the service could not be reached in half a minute. Both errors name
 * the variable.
 */
export async function reachGiven(url: string, service: GivenService): Promise<void> {
  const { variable, probe, signal, say } = service;
  const deadline = Date.now() + REACH_MAX_MS;
  const name = `${variable}: ${withoutPassword(url)}`;
  let said = '';
  for (;;) {
    signal.throwIfAborted();
    try {
      await probe(url);
      return;
    } catch (cause) {
      const { passes, isConfig, advice } = judgeGiven(cause);
      const reason = firstReasonOf(cause);
      if (!passes || Date.now() > deadline) {
        const message = `${name} cannot be used: ${reason}\n${advice}`;
        if (isConfig) throw new ConfigError(message, { cause });
        throw new CodedError('service-unavailable', message, { cause });
      }
      if (reason !== said) say(`Waiting up to ${REACH_MAX_MS / 1_000} s for ${name} (${reason}) …`);
      said = reason;
      await sleep(POLL_MS);
    }
  }
}

/** Hides the password in a URL, or in each of several separated by commas. */
function withoutPassword(urls: string): string {
  const hide = (url: string): string => {
    const parsed = new URL(url.trim());
    if (parsed.password !== '') parsed.password = '***';
    return parsed.href;
  };
  return urls.split(',').map(hide).join(',');
}
