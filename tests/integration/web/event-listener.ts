/** Receives server-sent events, as a browser's EventSource does. */
import { request } from 'node:https';
import { until } from '../../support/until.ts';
import { API, type Visitor } from './visitor.ts';
import type { WebSystem } from './web-system.ts';

export type EventListener = {
  /** Takes the next event of that name that fits; those before it are passed over. */
  readonly next: <Data>(name: string, fits?: (data: Data) => boolean) => Promise<Data>;
  /** Of the last event that had one. */
  readonly lastId: () => string;
  readonly close: () => void;
};

type Heard = { readonly name: string; readonly data: unknown };

export async function listen(
  { port, authority }: Pick<WebSystem, 'port' | 'authority'>,
  visitor: Visitor,
  lastEventId?: string,
): Promise<EventListener> {
  const heard: Heard[] = [];
  let id = '';
  let rest = '';
  const asking = request({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca: authority,
    agent: false,
    path: `${API}/events`,
    headers: {
      cookie: visitor.cookie,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  const take = (block: string): void => {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    id = fields.get('id') ?? id;
    const name = fields.get('event');
    if (name !== undefined) heard.push({ name, data: JSON.parse(fields.get('data') ?? 'null') });
  };
  await new Promise<void>((resolve, reject) => {
    asking.once('error', reject);
    asking.once('response', (response) => {
      response.setEncoding('utf8');
      // The server ends it, or we do: what was heard until then is what counts.
      response.on('error', () => undefined);
      response.on('data', (piece: string) => {
        const blocks = (rest + piece).split('\n\n');
        rest = blocks.pop() ?? '';
        blocks.forEach(take);
      });
      resolve();
    });
    asking.end();
  });
  return {
    next: async <Data>(name: string, fits: (data: Data) => boolean = () => true) =>
      await until(
        () => {
          for (let event = heard.shift(); event !== undefined; event = heard.shift()) {
            if (event.name === name && fits(event.data as Data)) return event.data as Data;
          }
          return undefined;
        },
        { what: `an event ${name} comes` },
      ),
    lastId: () => id,
    close: () => asking.destroy(),
  };
}
