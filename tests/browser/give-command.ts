/** Gives a command as the page itself would, in its session. */
import type { Page } from 'playwright-core';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

/** Chromium drops what it sends while a network interface of the machine appears or goes. */
const TRIES = 20;
const PAUSE_MS = 250;

/** Sends the command again, with its key, while it does not arrive. */
export const giveCommand = (page: Page, request: CommandRequest): Promise<CommandAnswer> =>
  page.evaluate<CommandAnswer>(`(async () => {
    const key = crypto.randomUUID();
    for (let left = ${TRIES}; ; left -= 1) {
      try {
        const response = await fetch('/api/v1/commands', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: ${JSON.stringify(JSON.stringify(request))},
        });
        return await response.json();
      } catch (error) {
        if (left === 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, ${PAUSE_MS}));
      }
    }
  })()`);

/** Gives one command after the other. */
export async function giveCommands(page: Page, requests: readonly CommandRequest[]): Promise<void> {
  for (const request of requests) await giveCommand(page, request);
}
