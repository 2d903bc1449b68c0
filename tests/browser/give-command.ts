/** Gives a command as the page itself would, in its session. */
import type { Page } from 'playwright-core';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

export const giveCommand = (page: Page, request: CommandRequest): Promise<CommandAnswer> =>
  page.evaluate<CommandAnswer>(`fetch('/api/v1/commands', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: ${JSON.stringify(JSON.stringify(request))},
  }).then((response) => response.json())`);
