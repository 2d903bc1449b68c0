/** Reports the state of the system to systemd, if a unit of Type=notify started this process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from '../../shared/runtime/logger.ts';

/** Node cannot send Unix datagrams, so systemd's own program sends them. */
const PROGRAM = 'systemd-notify';

/** Does nothing without NOTIFY_SOCKET. Logs a failure, and does not reject. */
export async function notifySystemd(state: '--ready' | '--stopping', log: Logger): Promise<void> {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  try {
    await promisify(execFile)(PROGRAM, [state]);
  } catch (error) {
    log.error('systemd not told', { program: PROGRAM, state, error });
  }
}
