/** The route by which administrators see how the system does, now and in the last hour. */
import {
  OPERATIONS_QUERY,
  OPERATIONS_VIEW,
  type OperationsView,
} from '../../../../shared/web-api/operations.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

export function adminOperationsRoutes(api: Api, { loadOperations }: WebParts): void {
  api.get(
    '/admin/operations',
    {
      config: { access: 'administrator', outlivesDatabase: true },
      schema: {
        tags: ['administration'],
        summary:
          'What is wrong now, and the figures of the last hour, or of the samples after an instant',
        querystring: OPERATIONS_QUERY,
        response: { 200: OPERATIONS_VIEW },
      },
    },
    async (request): Promise<OperationsView> => {
      const view = await loadOperations(request.query.after ?? 0);
      if (view === undefined) {
        throw new HttpProblem('unavailable', 'no supervisor answers on this data folder');
      }
      return view;
    },
  );
}
