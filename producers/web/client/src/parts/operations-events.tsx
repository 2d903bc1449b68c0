/** The events of the time that is shown, the latest first; a click looks at the moment of one. */
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { OperationsEvent } from '../../../../../shared/web-api/operations.ts';
import { formatClock } from '../pure/time.ts';
import { Empty } from './card.tsx';

const WORDS: Readonly<Record<OperationsEvent['kind'], string>> = {
  restart: 'Restart',
  failover: 'Failover',
  scale: 'Scale',
  alarm: 'Alarm',
  well: 'Over',
};

type EventsProps = {
  readonly events: readonly OperationsEvent[];
  readonly moment: Signal<number | undefined>;
};

export const OperationsEvents = ({ events, moment }: EventsProps): JSX.Element =>
  events.length === 0 ? (
    <Empty title="Nothing has happened in this time.">
      Restarts, failovers, changes of a pool’s size and alarms appear here, and as marks in the
      charts.
    </Empty>
  ) : (
    <ol class="happened" tabIndex={0} aria-label="Events, the latest first">
      {events.toReversed().map(({ at, kind, text }) => (
        <li key={`${at} ${text}`}>
          <button
            type="button"
            class="happened-when number"
            aria-label={`Show ${formatClock(at)} in the charts`}
            aria-pressed={moment.value === at}
            onClick={() => (moment.value = moment.value === at ? undefined : at)}
          >
            {formatClock(at)}
          </button>
          <span class={`happened-kind ${kind}`}>{WORDS[kind]}</span>
          <span class="happened-what">{text.replace(/^Over: /, '')}</span>
        </li>
      ))}
    </ol>
  );
