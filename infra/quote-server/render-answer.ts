/** Renders the stand-in's answer to a hit, with or without a fault. */
import { randomBytes } from 'node:crypto';
import { renderDollars, type Cents } from '../../shared/domain/money.ts';
import type { QuoteFault } from './fault.ts';

type AnsweredHit = {
  readonly symbol: string;
  readonly user: string;
  readonly price: Cents;
  readonly serverTime: number;
};

/** 40 bytes give 56 base64 characters. */
const KEY_BYTES = 40;

/** Renders an answer; undefined if the fault is to send nothing. */
export function renderAnswer(hit: AnsweredHit, fault: QuoteFault | undefined): string | undefined {
  switch (fault) {
    case undefined:
    case 'refuse':
      return renderLine(hit);
    case 'hang':
      return undefined;
    case 'close-early':
      return renderLine(hit).slice(0, -10);
    case 'garbage':
      return `\u0000\u00ff${randomBytes(30).toString('base64')}\n`;
    case 'wrong-symbol':
      return renderLine({ ...hit, symbol: hit.symbol === 'ZZZ' ? 'ZZY' : 'ZZZ' });
    case 'negative-price':
      return `-${renderLine(hit)}`;
  }
}

function renderLine({ symbol, user, price, serverTime }: AnsweredHit): string {
  const cryptokey = randomBytes(KEY_BYTES).toString('base64');
  return `${renderDollars(price)},${symbol},${user},${serverTime},${cryptokey}\n`;
}
