/** Processes, queues, and what quotes cost. */
import type { JSX } from 'preact';
import type { ProcessEntry, QueueEntry, SystemView } from '../../../../../shared/web-api/admin.ts';
import { formatCount, formatMoney } from '../pure/money.ts';
import { Card, Empty } from './card.tsx';
import { Icon } from './icon.tsx';

type SystemPartProps = {
  readonly system: SystemView | undefined;
  readonly fault: string | undefined;
};

export function SystemPart({ system, fault }: SystemPartProps): JSX.Element {
  if (system === undefined) return <Empty title={fault ?? 'Loading …'} />;
  const down = system.processes.filter(({ up }) => !up).length;
  return (
    <div class="stack">
      {[...(fault === undefined ? [] : [fault]), ...system.faults].map((text) => (
        <p key={text} class="plan" role="status">
          {text}
        </p>
      ))}
      <Tiles system={system} />
      <Card
        title="Processes"
        flush
        action={
          <span class={`badge ${down === 0 ? 'good' : 'bad'}`}>
            {down === 0 ? 'All up' : `${down} down`}
          </span>
        }
      >
        <Processes processes={system.processes} />
      </Card>
      <Card title="Queues" flush action={<ManagementLink to={system.links.managementUi} />}>
        <Queues queues={system.queues} />
      </Card>
    </div>
  );
}

function Tiles({ system }: { readonly system: SystemView }): JSX.Element {
  const { quotes, users, outbox, parked } = system;
  const cost = (hits: number): string => formatMoney(Math.round(hits * quotes.centsPerHit));
  const tiles = [
    ['Quote hits today', formatCount(quotes.hitsToday), cost(quotes.hitsToday)],
    ['Hits in the last hour', formatCount(quotes.hitsLastHour), cost(quotes.hitsLastHour)],
    ['Hits in all', formatCount(quotes.hits), cost(quotes.hits)],
    ['Accounts', formatCount(users.withAccount), `${formatCount(users.signedUp)} signed up`],
    ['Sessions', formatCount(users.sessions), 'open'],
    ['Outbox', formatCount(outbox.rows), 'rows to audit'],
    ['Parked', parked === null ? '–' : formatCount(parked), 'messages'],
  ] as const;
  return (
    <dl class="tiles">
      {tiles.map(([term, value, note]) => (
        <div class="tile" key={term}>
          <dt class="label">{term}</dt>
          <dd class="tile-value">{value}</dd>
          <dd class="small quiet">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

const Processes = ({ processes }: { readonly processes: readonly ProcessEntry[] }): JSX.Element =>
  processes.length === 0 ? (
    <Empty title="No process is known here." />
  ) : (
    <table class="table cards">
      <caption class="unseen">Processes</caption>
      <thead>
        <tr>
          <th scope="col">Process</th>
          <th scope="col">State</th>
          <th scope="col">Process id</th>
          <th scope="col">Restarts</th>
        </tr>
      </thead>
      <tbody>
        {processes.map(({ name, up, pid, restarts }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td data-label="State">
              <span class={`badge ${up ? 'good' : 'bad'}`}>{up ? 'Up' : 'Down'}</span>
            </td>
            <td data-label="Process id">{pid ?? '–'}</td>
            <td data-label="Restarts">{formatCount(restarts)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const Queues = ({ queues }: { readonly queues: readonly QueueEntry[] }): JSX.Element =>
  queues.length === 0 ? (
    <Empty title="The broker’s management API gave no queues." />
  ) : (
    <table class="table cards">
      <caption class="unseen">Queues: depths and rates</caption>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Shard</th>
          <th scope="col">Ready</th>
          <th scope="col">Unacked</th>
          <th scope="col">In / s</th>
          <th scope="col">Out / s</th>
          <th scope="col">Consumers</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <th scope="row">{queue.name}</th>
            <td data-label="Shard">{queue.shard ?? '–'}</td>
            <td data-label="Ready">{formatCount(queue.ready)}</td>
            <td data-label="Unacked">{formatCount(queue.unacked)}</td>
            <td data-label="In / s">{queue.publishedPerSecond.toFixed(1)}</td>
            <td data-label="Out / s">{queue.ackedPerSecond.toFixed(1)}</td>
            <td data-label="Consumers">{formatCount(queue.consumers)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const ManagementLink = ({ to }: { readonly to: string | null }): JSX.Element | null =>
  to === null ? null : (
    <a class="button compact" href={to} target="_blank" rel="noopener noreferrer">
      <Icon name="link" />
      Management UI
    </a>
  );
