/** Tells systemd how far we are, where a unit of Type=notify started us. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from '../../shared/runtime/logger.ts';

/** Node has no sockets for datagrams of Unix: the program of systemd's own sends them. */
const PROGRAM = 'systemd-notify';

export async function notifySystemd(state: '--ready' | '--stopping', log: Logger): Promise<void> {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  try {
    await promisify(execFile)(PROGRAM, [state]);
  } catch (error) {
    log.error('systemd not told', { program: PROGRAM, state, error });
  }
}
