/** The route for the user's own log as XML, the same as `DUMPLOG,user` writes to a file. */
import { countEventsOf } from '../../../../shared/pg/web-admin.ts';
import { askerOf } from '../access/guard.ts';
import { LOG_TYPE, sendLog } from '../parts/send-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

export function logRoutes(api: Api, parts: WebParts): void {
  api.get(
    '/log.xml',
    {
      config: { streams: LOG_TYPE },
      schema: { tags: ['history'], summary: 'My log as XML (DUMPLOG,user)' },
    },
    async (request, reply) => {
      const { user } = askerOf(request);
      const count = (): Promise<number> => countEventsOf(parts.pool, user);
      return await sendLog(reply, parts, { asker: user, user, name: `log-${user}.xml`, count });
    },
  );
}
