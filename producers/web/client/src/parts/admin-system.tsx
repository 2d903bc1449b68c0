/** The processes, the queues and the cost of quotes. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ProcessEntry, QueueEntry, SystemView } from '../../../../../shared/web-api/admin.ts';
import { formatCount, formatMoney } from '../pure/money.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card, Empty } from './card.tsx';
import { Icon } from './icon.tsx';
import { Loading } from './loading.tsx';

const REFRESH_MS = 3_000;

export function SystemPart(): JSX.Element {
  const looks = useSignal(0);
  const loaded = useLoaded<SystemView>('/admin/system', {}, looks.value);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') looks.value += 1;
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const { value: system, fault } = loaded;
  if (system === undefined) return <Loading of={loaded} />;
  const down = system.processes.filter(({ up }) => !up).length;
  return (
    <div class="stack">
      {[...(fault === undefined ? [] : [fault]), ...system.faults].map((text) => (
        <p key={text} class="plan" role="status">
          {text}
        </p>
      ))}
      <Tiles system={system} />
      <div class="columns with-side">
        <Card title="Queues" flush action={<ManagementLink to={system.links.managementUi} />}>
          <div class="scroll" tabIndex={0} role="region" aria-label="Table of queues">
            <Queues queues={system.queues} />
          </div>
        </Card>
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
      </div>
    </div>
  );
}

function Tiles({ system }: { readonly system: SystemView }): JSX.Element {
  const { quotes, users, outbox, parked } = system;
  const cost = (hits: number): string => formatMoney(Math.round(hits * quotes.centsPerHit));
  const tiles = [
    ['Hits today', formatCount(quotes.hitsToday), cost(quotes.hitsToday)],
    ['Hits, last hour', formatCount(quotes.hitsLastHour), cost(quotes.hitsLastHour)],
    ['Hits ever', formatCount(quotes.hits), cost(quotes.hits)],
    ['Users', formatCount(users.signedUp), 'signed up'],
    ['Accounts', formatCount(users.withAccount), 'opened'],
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
    <table class="table dense">
      <caption class="unseen">Processes</caption>
      <thead>
        <tr>
          <th scope="col">Process</th>
          <th scope="col" class="left">
            State
          </th>
          <th scope="col">Process id</th>
          <th scope="col">Restarts</th>
        </tr>
      </thead>
      <tbody>
        {processes.map(({ name, up, pid, restarts }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="left">
              <span class={`badge ${up ? 'good' : 'bad'}`}>{up ? 'Up' : 'Down'}</span>
            </td>
            <td class="quiet">{pid ?? '–'}</td>
            <Count of={restarts} />
          </tr>
        ))}
      </tbody>
    </table>
  );

const Queues = ({ queues }: { readonly queues: readonly QueueEntry[] }): JSX.Element =>
  queues.length === 0 ? (
    <Empty title="The broker’s management API gave no queues." />
  ) : (
    <table class="table dense">
      <caption class="unseen">Queues: depths and rates</caption>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Ready</th>
          <th scope="col">Unacked</th>
          <th scope="col">In/s</th>
          <th scope="col">Out/s</th>
          <th scope="col">Consumers</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <th scope="row">{queue.name}</th>
            <Count of={queue.ready} />
            <Count of={queue.unacked} />
            <Count of={queue.publishedPerSecond} digits={1} />
            <Count of={queue.ackedPerSecond} digits={1} />
            <Count of={queue.consumers} />
          </tr>
        ))}
      </tbody>
    </table>
  );

type CountProps = { readonly of: number; readonly digits?: number };

/** Shows 0 in a quiet colour, so that other counts stand out. */
const Count = ({ of, digits = 0 }: CountProps): JSX.Element =>
  of === 0 ? (
    <td class="quiet">0</td>
  ) : (
    <td>{digits === 0 ? formatCount(of) : of.toFixed(digits)}</td>
  );

const ManagementLink = ({ to }: { readonly to: string | null }): JSX.Element | null =>
  to === null ? null : (
    <a class="button compact" href={to} target="_blank" rel="noopener noreferrer">
      <Icon name="link" />
      Management UI
    </a>
  );
