/** Says what each figure of profit and loss means, and when the day starts. */
import type { ComponentChildren, JSX } from 'preact';
import { formatTime } from '../pure/time.ts';
import { Card } from './card.tsx';

type ProfitTermsProps = {
  readonly dayStartedAt: number;
  /** The label of the day's profit on this page. */
  readonly day: string;
};

export const ProfitTerms = ({ dayStartedAt, day }: ProfitTermsProps): JSX.Element => (
  <Card title="What the figures mean">
    <dl class="terms">
      <Term term={day}>
        What changed since the day started, at midnight UTC ({formatTime(dayStartedAt)} your time).
        It counts the day’s trades and the change of prices since the last ones before, but no funds
        added.
      </Term>
      <Term term="Unrealised">
        What your shares are worth at their last prices, minus their average cost.
      </Term>
      <Term term="Realised">
        What all your sales brought, minus the average cost of the shares sold.
      </Term>
      <Term term="P/L total">
        Realised and unrealised together. It is your total value minus all funds you added.
      </Term>
    </dl>
  </Card>
);

type TermProps = { readonly term: string; readonly children: ComponentChildren };

const Term = ({ term, children }: TermProps): JSX.Element => (
  <div>
    <dt class="strong">{term}</dt>
    <dd class="quiet">{children}</dd>
  </div>
);
