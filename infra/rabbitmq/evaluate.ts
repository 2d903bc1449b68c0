/** What neither AMQP nor the management API can do to a broker: an expression of Erlang, run on its node. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from '../services/replicated/machines.ts';

/** Of Erlang itself. The broker's own command line is a program that starts for seconds on a busy machine. */
const ERL_CALL = '/usr/bin/erl_call';
const ANSWER_MAX_MS = 30_000;

export type BrokerNode = {
  readonly node: string;
  /** `HOME` holds the node's cookie; `ERL_EPMD_PORT` where its port mapper has not the usual port. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program as it is started on the node's machine; here where absent. */
  readonly on?: (program: Program) => Program;
};

/**
 * Resolves to the expression's value, as Erlang writes it. Rejects where it fails, where the node cannot be
 * reached, or after half a minute. An expression ends with a full stop.
 */
export async function evaluate(
  { node, env, on = (program) => program }: BrokerNode,
  expression: string,
): Promise<string> {
  const { command, args, uid, gid } = on({
    command: ERL_CALL,
    args: ['-name', node, '-e'],
  });
  const answered = promisify(execFile)(command, [...args], {
    env,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    timeout: ANSWER_MAX_MS,
    killSignal: 'SIGKILL',
  });
  // One that cannot be started takes no input; that it could not is what is told.
  answered.child.stdin?.on('error', () => undefined).end(`${expression}\n`);
  return valueOf((await answered).stdout.trim());
}

/** `erl_call` ends well, and says `{error, …}`, where the expression did not. */
function valueOf(output: string): string {
  const value = /^\{ok, (?<value>.*)\}$/su.exec(output)?.groups?.['value'];
  if (value === undefined) throw new Error(`the broker said ${output === '' ? 'nothing' : output}`);
  return value;
}
