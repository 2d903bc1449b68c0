/** The route for server-sent events: changes of the user's account, and quotes. */
import { PassThrough } from 'node:stream';
import Type from 'typebox';
import { ID_PATTERN, schemaOf, type Schema } from '../../../../shared/web-api/schema.ts';
import { askerOf } from '../access/guard.ts';
import { STREAM_BUFFER_BYTES_MAX, STREAM_PING_EVERY_MS, SYMBOLS_MAX } from '../parts/limits.ts';
import { symbolsOf } from '../parts/symbols-of.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

type Query = { symbols?: string };
const QUERY: Schema<Query> = schemaOf<Query>()(
  Type.Object(
    { symbols: Type.Optional(Type.String({ maxLength: SYMBOLS_MAX * 4 })) },
    { additionalProperties: false },
  ),
);

const HEADERS = Type.Object({
  'last-event-id': Type.Optional(Type.String({ pattern: ID_PATTERN })),
});

const MEDIA_TYPE = 'text/event-stream';

export function eventRoutes(api: Api, { hub }: WebParts): void {
  api.get(
    '/events',
    {
      config: { streams: MEDIA_TYPE },
      schema: {
        tags: ['events'],
        summary: 'Server-sent events: ready, missed, portfolio, entry, quote, trouble, ended',
        description:
          'Resumes after the ledger entry of Last-Event-ID. The latest 200 entries are told again; ' +
          '`missed` says that there may be more: read the history anew.',
        querystring: QUERY,
        headers: HEADERS,
      },
    },
    async (request, reply) => {
      const { user, id: identity, role } = askerOf(request);
      const lastId = request.headers['last-event-id'];
      const symbols = new Set<string>(symbolsOf(request.query.symbols ?? ''));
      const stream = new PassThrough();
      const write = (text: string): void => {
        // The client is too slow: it reconnects and gets what it missed.
        if (stream.writableLength + stream.readableLength > STREAM_BUFFER_BYTES_MAX)
          stream.destroy();
        else if (stream.writable) stream.write(text);
      };
      const stop = hub.listen({
        user,
        identity,
        symbols,
        isAdministrator: role === 'administrator',
        send: (event, data, id) =>
          write(
            `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
          ),
        end: () => void stream.end(),
        lastEntry: typeof lastId === 'string' ? BigInt(lastId) : undefined,
      });
      const ping = setInterval(() => write(': still here\n\n'), STREAM_PING_EVERY_MS);
      stream.once('close', () => {
        clearInterval(ping);
        stop();
      });
      // The jitter spreads the clients that lose their connections together when a process restarts.
      write(`retry: ${500 + Math.floor(Math.random() * 1_000)}\n\n`);
      // The header keeps proxies from buffering the stream.
      return await reply.type(MEDIA_TYPE).header('x-accel-buffering', 'no').send(stream);
    },
  );
}
