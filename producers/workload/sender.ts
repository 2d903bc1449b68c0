/** Sends the messages of a run, with a bound on unanswered commands. */
import {
  openCommandDesk,
  type Answered,
  type CommandDeskOptions,
} from '../../shared/amqp/command-desk.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';

/** The most unanswered commands: queues stay short, and no web command waits behind a file. */
const UNANSWERED_MAX = 8_000;

export interface Sender {
  /** Waits until fewer than `UNANSWERED_MAX` commands are unanswered, then sends a message. */
  send(message: UserCommands): Promise<void>;
  /** Resolves when everything sent is answered. */
  answered(): Promise<void>;
  close(): Promise<void>;
}

type SenderOptions = CommandDeskOptions & {
  readonly onAnswer: (answered: Answered) => void;
};

/** Opens a sender on a command desk of its own, which sends messages again as needed. */
export async function openSender({ onAnswer, ...options }: SenderOptions): Promise<Sender> {
  const desk = await openCommandDesk(options);
  return {
    send: async (message) => {
      await desk.fewerThan(UNANSWERED_MAX);
      desk.send(message, onAnswer);
    },
    answered: () => desk.fewerThan(1),
    close: () => desk.close(),
  };
}
