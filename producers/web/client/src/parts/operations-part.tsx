/** How the system does, now and in the last hour. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import '../styles/operations.css';
import type { OperationsView } from '../../../../../shared/web-api/operations.ts';
import { describeHealth } from '../pure/describe-health.ts';
import { CHARTS, describeCost } from '../pure/figure-charts.ts';
import { amountOf, figuresFrom, type FigureHistory } from '../pure/figure-history.ts';
import { linesOf } from '../pure/figure-lines.ts';
import { formatClock } from '../pure/time.ts';
import { describePresent } from '../pure/describe-present.ts';
import { useOperations, type Operations } from '../state/use-operations.ts';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';
import { HealthCard } from './health-card.tsx';
import { Loading } from './loading.tsx';
import { OperationsEvents } from './operations-events.tsx';
import { Plot, type PlotTime } from './plot.tsx';
import { ShardMap } from './shard-map.tsx';

const RANGES = [
  { value: '5', text: '5 min' },
  { value: '15', text: '15 min' },
  { value: '60', text: '1 hour' },
] as const;
type RangeMinutes = (typeof RANGES)[number]['value'];

export function OperationsPart(): JSX.Element {
  const operations = useOperations();
  const range = useSignal<RangeMinutes>('15');
  const moment = useSignal<number | undefined>(undefined);
  const { view, figures: all, fault, ask } = operations;
  if (view === undefined) return <Loading of={{ fault, isLoading: false, reload: ask }} />;
  const to = all.at.at(-1) ?? 0;
  const figures = figuresFrom(all, to - Number(range.value) * 60_000);
  const from = figures.at[0] ?? to;
  const events = view.events.filter(({ at }) => at >= from);
  const time: PlotTime = { at: figures.at, span: { from, to }, marks: events, moment };
  return (
    <div class="stack">
      <Top operations={operations} view={view} />
      <div class="row apart look-back">
        <Choice
          label="Range"
          small
          options={RANGES}
          value={range.value}
          onChoose={(chosen) => (range.value = chosen)}
        />
        <LookBack time={time} everyMs={view.everyMs} />
      </div>
      <Charts figures={figures} time={time} view={view} />
      <div class="columns halves">
        <Card title="Shards">
          <ShardMap shards={view.shards} faults={view.faults} />
        </Card>
        <Card title="Events">
          <OperationsEvents events={events} moment={moment} />
        </Card>
      </div>
    </div>
  );
}

type TopProps = { readonly operations: Operations; readonly view: OperationsView };

function Top({ operations: { fault, figures, ageMs }, view }: TopProps): JSX.Element {
  const { alerts } = view;
  return (
    <>
      <HealthCard
        health={describeHealth(view, ageMs)}
        summary={describePresent(view, figures)}
        alerts={alerts}
        now={figures.at.at(-1) ?? 0}
      />
      {fault !== undefined && (
        <p class="plan warn" role="status">
          {fault}
        </p>
      )}
    </>
  );
}

type LookBackProps = { readonly time: PlotTime; readonly everyMs: number };

/** Moves the moment that is looked at by keyboard, touch or pointer; its end is the present. */
function LookBack({ time, everyMs }: LookBackProps): JSX.Element {
  const { span, moment } = time;
  const at = moment.value;
  const text = at === undefined ? 'Now' : formatClock(at);
  return (
    <label class="look-back-moment">
      <span class="label">Look at</span>
      <input
        type="range"
        min={span.to - Math.ceil((span.to - span.from) / everyMs) * everyMs}
        max={span.to}
        step={everyMs}
        value={at ?? span.to}
        aria-valuetext={text}
        onInput={(event) => look(moment, Number(event.currentTarget.value), span.to - everyMs)}
      />
      <output class="number">{text}</output>
    </label>
  );
}

function look(moment: Signal<number | undefined>, at: number, latest: number): void {
  moment.value = at > latest ? undefined : at;
}

type ChartsProps = {
  readonly figures: FigureHistory;
  readonly time: PlotTime;
  readonly view: OperationsView;
};

const Charts = ({ figures, time, view: { centsPerHit } }: ChartsProps): JSX.Element => (
  <div class="plots">
    {CHARTS.map((spec) => (
      <section key={spec.of} class="card plot" aria-label={spec.title}>
        <h2>{spec.title}</h2>
        <p class="small quiet">{spec.of === 'quotes' ? costIn(figures, centsPerHit) : spec.note}</p>
        <Plot spec={spec} lines={linesOf(spec, figures)} time={time} />
      </section>
    ))}
  </div>
);

function costIn({ at, lines }: FigureHistory, centsPerHit: number): string {
  const amount = (name: string): number =>
    amountOf(at, lines.find((line) => line.of === 'quotes' && line.name === name)?.values ?? []);
  return describeCost(amount('hits'), amount('look-ups'), centsPerHit);
}
