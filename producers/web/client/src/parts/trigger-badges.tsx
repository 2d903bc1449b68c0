/** Badges for the side of a trigger and for its state. */
import type { JSX } from 'preact';
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';

type Side = Trigger['side'];

export const SideBadge = ({ side }: { readonly side: Side }): JSX.Element => (
  <span class={`badge ${side === 'buy' ? 'good' : 'bad'}`}>{side === 'buy' ? 'Buy' : 'Sell'}</span>
);

export const TriggerBadges = ({ trigger }: { readonly trigger: Trigger }): JSX.Element => (
  <span class="row">
    <SideBadge side={trigger.side} />
    <span class={`badge ${trigger.state === 'armed' ? 'info' : 'warn'}`}>
      {trigger.state === 'armed' ? 'Armed' : 'Not armed: no price yet'}
    </span>
  </span>
);
