/** Renders the answers file: one JSON line per command, in the order of the answers. Pure. */
import type { Answer } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';

export const answerLines = (message: UserCommands, answer: Answer): readonly string[] =>
  message.commands.map(({ number, command }, index) =>
    JSON.stringify({
      number,
      user: message.user,
      position: message.position + index,
      command: command.type === 'UNREADABLE' ? command.name : command.type,
      ...(answer.outcomes[index] ?? { is: 'done' }),
    }),
  );
