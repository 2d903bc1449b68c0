/** Turns signals such as Ctrl-C into an orderly abort. */
import { InterruptedError } from '../../shared/runtime/errors.ts';

/**
 * Returns a controller that SIGINT, SIGTERM or SIGHUP aborts. `onFirst` runs once; later signals
 * have no effect.
 */
export function onInterrupt(onFirst: () => void = () => undefined): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) return;
    onFirst();
    controller.abort(new InterruptedError('interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('SIGHUP', interrupt);
  return controller;
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
