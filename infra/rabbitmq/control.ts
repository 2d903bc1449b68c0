/** The broker's own command line, for what its management API cannot do. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from '../services/replicated/machines.ts';

const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';
const ANSWER_MAX_MS = 30_000;

export type ControlOptions = {
  readonly node: string;
  readonly cookie: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program as it is started on the node's machine; here where absent. */
  readonly on?: (program: Program) => Program;
};

/** Resolves to what it printed; rejects where it failed, or took longer than half a minute. */
export async function control(
  { node, cookie, env, on = (program) => program }: ControlOptions,
  given: readonly string[],
): Promise<string> {
  const { command, args, uid, gid } = on({
    command: CONTROL,
    args: ['-n', node, '--erlang-cookie', cookie, ...given],
  });
  const { stdout } = await promisify(execFile)(command, [...args], {
    env,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    timeout: ANSWER_MAX_MS,
  });
  return stdout.trim();
}
