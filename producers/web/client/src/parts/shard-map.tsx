/** The shards as a heat map: how much waits in each, who takes it, and which are on the move. */
import type { JSX } from 'preact';
import type { OperationsShard } from '../../../../../shared/web-api/operations.ts';
import { formatCount } from '../pure/money.ts';
import { Empty } from './card.tsx';

const HEATS = [
  { from: 0, text: 'none' },
  { from: 1, text: '1 to 9' },
  { from: 10, text: '10 to 99' },
  { from: 100, text: '100 to 999' },
  { from: 1_000, text: '1,000 and more' },
] as const;

const heatOf = (waiting: number): number => HEATS.findLastIndex(({ from }) => waiting >= from);

type ShardMapProps = {
  readonly shards: readonly OperationsShard[] | null;
  /** Why the shards are not known. */
  readonly faults: readonly string[];
};

export const ShardMap = ({ shards, faults }: ShardMapProps): JSX.Element =>
  shards === null ? (
    <Empty title="The shards are not known.">{faults.join(' ')}</Empty>
  ) : (
    <>
      <ul class="shards">
        {shards.map((shard) => (
          <Shard key={shard.shard} {...shard} />
        ))}
      </ul>
      <div class="row small quiet">
        <span>Messages that wait:</span>
        {HEATS.map(({ text }, heat) => (
          <span key={text} class="row heat-key">
            <span class={`swatch heat-${heat}`} aria-hidden="true" />
            {text}
          </span>
        ))}
      </div>
    </>
  );

function Shard({ shard, waiting, holder, home }: OperationsShard): JSX.Element {
  const isMoving = holder !== home;
  return (
    <li class={`shard heat-${heatOf(waiting)} ${isMoving ? 'moving' : ''}`}>
      <span class="shard-number">
        <span class="unseen">Shard </span>
        {shard.toString().padStart(2, '0')}
      </span>
      <span class="shard-waiting number">
        {formatCount(waiting)}
        <span class="unseen"> {waiting === 1 ? 'message waits' : 'messages wait'}, taken by </span>
      </span>
      <span class="shard-holder">
        {holder ?? 'nobody'}
        {isMoving && ` → ${home}`}
      </span>
    </li>
  );
}
