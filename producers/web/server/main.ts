/** A web process: one of several that share one port. */
import cluster from 'node:cluster';
import { findSystem } from '../../../infra/supervisor/control-client.ts';
import { runProcess } from '../../../shared/runtime/lifecycle.ts';
import { startWeb } from './start.ts';

// A process that loses its supervisor drains first, like every process; `cluster` would exit at once.
if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;

await runProcess('web', async (context) => {
  const loadProcesses = async () => {
    const system = await findSystem(context.config.home);
    return system?.info.processes.map(({ name, pid, restarts }) => ({
      name,
      pid: pid ?? null,
      restarts,
      up: pid !== undefined,
    }));
  };
  return await startWeb({ ...context, loadProcesses });
});
