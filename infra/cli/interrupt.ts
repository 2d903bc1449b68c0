/** Ctrl-C and its kin: asked for once, and done in order. */
import { InterruptedError } from '../../shared/runtime/errors.ts';

/** A signal that is aborted by SIGINT, SIGTERM or SIGHUP. */
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

/** Resolves when it is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
