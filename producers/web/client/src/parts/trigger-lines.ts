/** Converts the armed triggers of a stock to lines on its chart. */
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import type { ChartLine } from './chart-canvas.ts';

export const triggerLines = (triggers: readonly Trigger[]): readonly ChartLine[] =>
  triggers.flatMap(({ side, price }) =>
    price === null ? [] : [{ price, kind: side === 'buy' ? 'up' : 'down', text: side }],
  );
