/** A field for how much to trade, with the choice between dollars and a count of shares. */
import type { ComponentChildren, JSX } from 'preact';
import type { Unit } from '../pure/quantity.ts';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import type { QuantityEntry } from './use-quantity.ts';

type QuantityFieldProps = {
  readonly entry: QuantityEntry;
  readonly name: string;
  /** The label of each unit. */
  readonly labels: Readonly<Record<Unit, string>>;
  readonly look: 'plain' | 'large';
  readonly fault: string | undefined;
  readonly hint?: ComponentChildren;
};

const UNITS = [
  { value: 'dollars', text: 'Dollars' },
  { value: 'shares', text: 'Shares' },
] as const;

export const QuantityField = (props: QuantityFieldProps): JSX.Element => {
  const { unit, text, setText, setUnit } = props.entry;
  return (
    <Field
      label={props.labels[unit]}
      name={props.name}
      value={text}
      onValue={setText}
      placeholder={unit === 'dollars' ? '0.00' : '0'}
      {...{ [unit]: props.look }}
      fault={props.fault}
      hint={props.hint}
      corner={<Choice label="Unit" small options={UNITS} value={unit} onChoose={setUnit} />}
    />
  );
};
