import { describe, expect, test } from '@jest/globals';
import { evaluate, type BrokerNode } from '../../../infra/rabbitmq/evaluate.ts';

/** A node for which a shell runs the script in place of `erl_call`. */
const nodeWhere = (script: string): BrokerNode => ({
  node: 'daytrade@localhost',
  env: { PATH: process.env['PATH'] },
  on: () => ({ command: '/bin/sh', args: ['-c', script] }),
});

describe('an expression of Erlang', () => {
  test('goes to the node, and its value comes back', async () => {
    const given = nodeWhere('read -r line; printf "{ok, [%s,\\n b]}" "$line"');
    expect(await evaluate(given, 'a.')).toBe('[a.,\n b]');
  });

  test('puts no secret on the command line, because the cookie is in a file', async () => {
    let told: readonly string[] = [];
    const node = nodeWhere(`cat > /dev/null; printf '{ok, 1}'`);
    const on: BrokerNode['on'] = (program) => {
      told = program.args;
      return node.on?.(program) ?? program;
    };
    await evaluate({ ...node, on }, 'a.');
    expect(told).toEqual(['-name', 'daytrade@localhost', '-e']);
  });

  test('that fails is a fault, even if the program exits with 0', async () => {
    const given = nodeWhere(`cat > /dev/null; printf '{error, "*** eval: badarg"}'`);
    await expect(evaluate(given, 'a.')).rejects.toThrow(
      'the broker said {error, "*** eval: badarg"}',
    );
  });

  test('without an answer is a fault, even if the program exits with 0', async () => {
    await expect(evaluate(nodeWhere('cat > /dev/null'), 'a.')).rejects.toThrow(
      'the broker said nothing',
    );
  });

  test('for a node that cannot be reached is a fault that says why', async () => {
    const given = nodeWhere('echo erl_call: failed to connect to node a >&2; exit 1');
    await expect(evaluate(given, 'a.')).rejects.toThrow('failed to connect to node a');
  });

  test('is a fault if the program is missing', async () => {
    const given = { ...nodeWhere(''), on: () => ({ command: '/nowhere/erl_call', args: [] }) };
    await expect(evaluate(given, 'a.')).rejects.toThrow('ENOENT');
  });
});
