/** A web process: one of several that share one port. */
import cluster from 'node:cluster';
import { findSystem, loadOperations } from '../../../shared/control/control-client.ts';
import { serve } from '../../../shared/service/serve.ts';
import { startWeb, WEB_SPEC } from './start.ts';

// A process that loses its supervisor drains first, like every process; `cluster` would exit at once.
if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;

await serve('web', WEB_SPEC, async (service) => {
  const { home } = service.config;
  const loadProcesses = async () => {
    const system = await findSystem(home);
    return system?.info.processes.map(({ name, pid, restarts }) => ({
      name,
      pid: pid ?? null,
      restarts,
      up: pid !== undefined,
    }));
  };
  return await startWeb(service, {
    loadProcesses,
    loadOperations: (after) => loadOperations(home, after),
  });
});
