/** Sends lines as messages packed by user; a dump waits until everything before it is answered. */
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { Packer } from './packer.ts';
import { unreadableOf, type NumberedLine, type UnreadableLine } from './read-workload.ts';

type LineSending = {
  readonly packer: Packer;
  /** Resolves once there is room for more. */
  readonly send: (message: UserCommands) => Promise<void>;
  /** Resolves when everything sent is answered. */
  readonly answered: () => Promise<void>;
  readonly onUnreadable: (line: UnreadableLine) => void;
};

/** Sends a batch of lines. Commands that do not fill a message stay in the packer. */
export async function sendLines(
  lines: readonly NumberedLine[],
  { packer, send, answered, onUnreadable }: LineSending,
): Promise<void> {
  const flush = async (): Promise<void> => {
    for (const message of packer.flush()) await send(message);
  };
  for (const numbered of lines) {
    const { line } = numbered;
    const unreadable = unreadableOf(numbered);
    if (unreadable !== undefined) onUnreadable(unreadable);
    if (line.type === 'unreadable') continue;
    const { user, number, command } = line;
    const isDump = command.type === 'DUMPLOG';
    if (isDump) {
      await flush();
      await answered();
    }
    const full = packer.add(user, { number, command });
    if (full !== undefined) await send(full);
    if (isDump) await flush();
  }
}
