/** Gives a command as the page itself would, in its session. */
import type { Page } from 'playwright-core';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

export const giveCommand = (page: Page, request: CommandRequest): Promise<CommandAnswer> =>
  page.evaluate<CommandAnswer>(`fetch('/api/v1/commands', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: ${JSON.stringify(JSON.stringify(request))},
  }).then((response) => response.json())`);

/** Gives one command after the other. */
export async function giveCommands(page: Page, requests: readonly CommandRequest[]): Promise<void> {
  for (const request of requests) await giveCommand(page, request);
}
