/** A service that the environment names. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../shared/runtime/errors.ts';

/** One that is just starting is waited for, a wrong address is told soon. */
const REACH_MAX_MS = 20_000;
const LOOK_MS = 500;

/** Resolves when it answers; rejects with a `ConfigError` that names the variable where it does not. */
export async function reachGiven(
  variable: string,
  url: string,
  probe: (url: string) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + REACH_MAX_MS;
  for (;;) {
    try {
      await probe(url);
      return;
    } catch (cause) {
      if (Date.now() < deadline && isPassing(cause)) {
        await sleep(LOOK_MS);
        continue;
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(
        `${variable}: ${withoutPassword(url)} cannot be used: ${reason}\n` +
          `See that it runs and takes this user and password, or leave ${variable} out:\n` +
          'a private instance is started then.',
        { cause },
      );
    }
  }
}

/** A refused password does not pass by waiting. */
function isPassing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P03'].includes(String(code));
}

/** Of one address, or of several with commas between. */
function withoutPassword(urls: string): string {
  const hide = (url: string): string => {
    const parsed = new URL(url.trim());
    if (parsed.password !== '') parsed.password = '***';
    return parsed.href;
  };
  return urls.split(',').map(hide).join(',');
}
