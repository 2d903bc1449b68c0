/**
 * Evaluates an Erlang expression on a broker's node, for actions that neither AMQP nor the
 * management API offers.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from '../host/private-process.ts';

/**
 * A program of Erlang itself; the broker's own command line takes seconds to start on a busy
 * machine.
 */
const ERL_CALL = '/usr/bin/erl_call';
const ANSWER_MAX_MS = 30_000;

export type BrokerNode = {
  readonly node: string;
  /**
   * `HOME` contains the node's cookie; `ERL_EPMD_PORT` is set if its port mapper does not use the
   * standard port.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Returns the program in the form that starts it on the node's machine; by default, it starts
   * here.
   */
  readonly on?: (program: Program) => Program;
};

/**
 * Resolves to the expression's value in Erlang's syntax. Rejects if the expression fails, if the
 * node cannot be reached, or after half a minute. An expression must end with a full stop.
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
  // Ignores errors of stdin: if the program cannot be started, that error is reported instead.
  answered.child.stdin?.on('error', () => undefined).end(`${expression}\n`);
  return valueOf((await answered).stdout.trim());
}

/** Checks the output: `erl_call` exits with 0 and prints `{error, …}` if the expression fails. */
function valueOf(output: string): string {
  const value = /^\{ok, (?<value>.*)\}$/su.exec(output)?.groups?.['value'];
  if (value === undefined) throw new Error(`the broker said ${output === '' ? 'nothing' : output}`);
  return value;
}
