/** The sentence that says how the system is, and what the runbook says about each alert. */
import type { JSX } from 'preact';
import type { OperationsAlert } from '../../../../../shared/web-api/operations.ts';
import { describeAge, partsOf, type SystemHealth } from '../pure/describe-health.ts';
import { Icon } from './icon.tsx';
import { When } from './when.tsx';

type HealthCardProps = {
  readonly health: SystemHealth;
  /** One line about the present load. */
  readonly summary: string;
  readonly alerts: readonly OperationsAlert[];
  /** The time of the last sample, by the clock of the server. */
  readonly now: number;
};

export const HealthCard = ({ health, summary, alerts, now }: HealthCardProps): JSX.Element => (
  <section class={`card health ${health.tone}`} aria-label="How the system is">
    <div class="health-head">
      <Icon name={health.tone === 'good' ? 'check' : 'warn'} />
      <p class="health-sentence" role="status">
        {health.sentence}
      </p>
      <p class="small quiet number">{summary}</p>
    </div>
    {alerts.map((alert) => (
      <Remedy
        key={`${alert.name} ${alert.summary}`}
        {...{ alert, now }}
        isAlone={alerts.length === 1}
      />
    ))}
  </section>
);

type RemedyProps = Pick<HealthCardProps, 'now'> & {
  readonly alert: OperationsAlert;
  /** Whether the sentence above is that of this alert. */
  readonly isAlone: boolean;
};

const Remedy = ({ alert, now, isAlone }: RemedyProps): JSX.Element => {
  const { name, summary, since, firing, means, look, remedy, see } = alert;
  return (
    <article class="remedy" aria-label={summary}>
      <h3>
        <span class={isAlone ? 'unseen' : ''}>{summary} </span>
        <span class={`badge ${firing ? 'bad' : 'warn'}`}>{name}</span>
      </h3>
      <p class="small quiet">
        Since <When at={since} /> ({describeAge(now - since)})
        {!firing && '. It is no alarm yet: it may pass by itself'}.
      </p>
      <dl class="remedy-steps">
        <Step term="Means" text={means} />
        <Step term="Look" text={look} />
        <Step term="Do" text={remedy} />
        {see.map((other) => (
          <Step key={other.name} term={`Do (${other.name})`} text={other.remedy} />
        ))}
      </dl>
    </article>
  );
};

const Step = ({ term, text }: { readonly term: string; readonly text: string }): JSX.Element => (
  <div>
    <dt class="label">{term}</dt>
    <dd>
      {partsOf(text).map((part, index) =>
        index % 2 === 0 ? part : <code key={index}>{part}</code>,
      )}
    </dd>
  </div>
);
