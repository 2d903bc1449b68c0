/** Runs a process of the system. */
import { runProcess, type Running } from '../runtime/lifecycle.ts';
import { openService, type Service, type ServiceSpec } from './service.ts';

export type Serving = Omit<Running, 'stop'> & {
  /** Finishes the work in progress, and closes what the process opened itself. The service is still open. */
  readonly drain?: () => Promise<void>;
};

/**
 * Runs a process as `runProcess` does: opens its service, then calls `start`. A stop ends the scheduled
 * tasks, drains, and closes links and pools, in this order.
 */
export const serve = (
  defaultName: string,
  spec: ServiceSpec,
  start: (service: Service) => Promise<Serving>,
): Promise<void> =>
  runProcess(defaultName, async (context) => {
    const { service, stopTasks, close } = await openService(context, spec);
    const { drain, ...handlers } = await start(service);
    return {
      ...handlers,
      stop: async () => {
        stopTasks();
        await drain?.();
        await close();
      },
    };
  });
