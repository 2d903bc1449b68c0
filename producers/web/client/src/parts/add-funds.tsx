/** A form that adds funds; the first deposit opens the account. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatMoney, plainDollars } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { Field } from './field.tsx';
import { readField } from './read-field.ts';

const SUGGESTED = [100_000, 1_000_000, 10_000_000];

export function AddFunds(): JSX.Element {
  const { actions } = useApp();
  const text = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const input = readField(text.value);
  const add = async (): Promise<void> => {
    if (input.is !== 'amount') {
      fault.value = input.is === 'empty' ? 'Enter an amount in dollars.' : input.fault;
      return;
    }
    isBusy.value = true;
    const result = await actions.command({ command: 'ADD', amount: plainDollars(input.cents) });
    isBusy.value = false;
    if (result.ok) text.value = '';
    else fault.value = result.fault;
  };
  return (
    <Card title="Add funds">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Field
          label="Amount to add"
          name="funds"
          value={text.value}
          onValue={(value) => {
            text.value = value;
            fault.value = undefined;
          }}
          dollars="plain"
          placeholder="0.00"
          fault={input.is === 'fault' ? input.fault : fault.value}
        />
        <div class="chips">
          {SUGGESTED.map((cents) => (
            <button
              key={cents}
              class="chip"
              type="button"
              onClick={() => (text.value = plainDollars(cents))}
            >
              {formatMoney(cents).replace('.00', '')}
            </button>
          ))}
        </div>
        <button class="button primary" type="submit" disabled={isBusy.value}>
          {isBusy.value && <span class="spinner" aria-hidden="true" />}
          Add funds
        </button>
      </form>
    </Card>
  );
}
