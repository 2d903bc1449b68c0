/** Packs commands into messages of one user each, with positions counted per user. Pure. */
import type { UserId } from '../../shared/domain/identity.ts';
import type { NumberedCommand, UserCommands } from '../../shared/messages/command-message.ts';

export interface Packer {
  /** Adds a user's next command; returns the message if that makes it full. */
  add(user: UserId, command: NumberedCommand): UserCommands | undefined;
  /** Returns every message that is not full, and empties the packer. */
  flush(): readonly UserCommands[];
}

type PackerOptions = {
  readonly stream: string;
  /** The most commands of a message. */
  readonly size: number;
  /** The last position of each user that an earlier part of this run has done; those are skipped. */
  readonly done: ReadonlyMap<UserId, number>;
};

export function openPacker({ stream, size, done }: PackerOptions): Packer {
  const last = new Map<UserId, number>();
  const begun = new Map<UserId, NumberedCommand[]>();

  const messageOf = (user: UserId, commands: readonly NumberedCommand[]): UserCommands => ({
    type: 'commands',
    user,
    stream,
    position: (last.get(user) ?? 0) - commands.length + 1,
    commands,
    administrator: true,
    again: false,
  });

  return {
    add: (user, command) => {
      const position = (last.get(user) ?? 0) + 1;
      last.set(user, position);
      if (position <= (done.get(user) ?? 0)) return undefined;
      const commands = begun.get(user) ?? [];
      commands.push(command);
      if (commands.length < size) {
        begun.set(user, commands);
        return undefined;
      }
      begun.delete(user);
      return messageOf(user, commands);
    },
    flush: () => {
      const messages = [...begun].map(([user, commands]) => messageOf(user, commands));
      begun.clear();
      return messages;
    },
  };
}
