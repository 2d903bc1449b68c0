/** A form that adds funds; the first deposit opens the account. */
import type { JSX } from 'preact';
import { formatMoney, plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { useTextField } from '../state/use-text-field.ts';
import { AmountChips } from './amount-chips.tsx';
import { Card } from './card.tsx';
import { Field } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';
import { faultIn, readField } from './read-field.ts';

const SUGGESTED = [100_000, 1_000_000, 10_000_000].map((cents) => ({
  label: formatMoney(cents).replace('.00', ''),
  value: cents,
}));

export function AddFunds(): JSX.Element {
  const { actions } = useApp();
  const submission = useSubmission();
  const { text, shown } = useTextField(submission);
  const input = readField(text.value);
  const add = async (): Promise<void> => {
    if (input.is !== 'amount') {
      submission.setFault(faultIn(input) ?? 'Enter an amount in dollars.');
      return;
    }
    const amount = plainDollars(input.cents);
    if (await submission.send(() => actions.submit({ command: 'ADD', amount }))) text.value = '';
  };
  return (
    <Card title="Add funds">
      <Form onSubmit={add}>
        <Field
          label="Amount to add"
          name="funds"
          dollars="plain"
          placeholder="0.00"
          {...shown}
          fault={faultIn(input) ?? shown.fault}
        />
        <AmountChips chips={SUGGESTED} onChoose={(cents) => shown.onValue(plainDollars(cents))} />
        <SubmitButton look="primary" isBusy={submission.isBusy}>
          Add funds
        </SubmitButton>
      </Form>
    </Card>
  );
}
