/** Asks commands for their help, as a user does. */
import { describe, expect, test } from '@jest/globals';
import { runDaytrade } from '../../support/run-daytrade.ts';

export function describeHelp(commands: readonly string[]): void {
  describe('help', () => {
    test.each(commands)('of %s is output if asked for, and no fault', async (command) => {
      const ran = await runDaytrade([command, '--help'], {});
      expect(ran).toMatchObject({ exitCode: 0, said: '' });
      expect(ran.output).toMatch(new RegExp(`^Usage: daytrade ${command}`));
    });
  });
}
