/** The fields of the trigger form: the side, how much to trade, and the price. */
import type { JSX } from 'preact';
import type { Means } from '../pure/excess.ts';
import { formatMoney, formatShares, type AmountInput } from '../pure/money.ts';
import { portionsOfCash, portionsOfShares } from '../pure/quantity.ts';
import { describeDistance } from '../pure/trigger-distance.ts';
import { AmountChips } from './amount-chips.tsx';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import { QuantityField } from './quantity-field.tsx';
import { faultIn } from './read-field.ts';
import { SIDES } from './ticket.tsx';
import type { TriggerFields } from './use-trigger-fields.ts';

/** When a trigger of each side trades. Source: SPEC 3.2. */
const RULES = {
  buy: 'A buy trigger buys when the price is at or below yours.',
  sell: 'A sell trigger sells when the price is at or above yours; there is no stop-loss, so nothing sells because the price falls.',
} as const;

type PlanFieldsProps = {
  readonly fields: TriggerFields;
  readonly price: AmountInput;
  /** The latest known price, in cents. */
  readonly latest: number | undefined;
  /** Undefined until the portfolio is loaded. */
  readonly means: Means | undefined;
  /** Why the amount cannot be armed. */
  readonly obstacle: string | undefined;
};

export function PlanFields(props: PlanFieldsProps): JSX.Element {
  const { fields, price, latest, means, obstacle } = props;
  const { side, entry } = fields;
  const label = side === 'buy' ? 'Buy for' : 'Sell for';
  return (
    <>
      <Choice label="Side" options={SIDES} value={side} onChoose={fields.setSide} />
      <p class="hint">{RULES[side]}</p>
      <QuantityField
        entry={entry}
        name="trigger-amount"
        labels={{ dollars: label, shares: 'Shares' }}
        look="plain"
        fault={entry.fault ?? obstacle}
        hint={means === undefined ? 'Loading …' : `${wordsOf(side, means)} available`}
      />
      <Portions side={side} means={means} onChoose={entry.fill} />
      <Field
        label={side === 'buy' ? 'When it falls to' : 'When it rises to'}
        name="trigger-price"
        value={fields.price}
        onValue={fields.enterPrice}
        dollars="plain"
        placeholder="0.00"
        fault={faultIn(price)}
        hint={
          price.is === 'amount' && latest !== undefined
            ? `${describeDistance(price.cents, latest)}. Type it, or drag the line.`
            : 'Type it, or drag the line on the chart.'
        }
      />
    </>
  );
}

type Side = TriggerFields['side'];

const wordsOf = (side: Side, { cash, shares }: Means): string =>
  side === 'buy' ? formatMoney(cash) : formatShares(shares);

type PortionsProps = {
  readonly side: Side;
  readonly means: Means | undefined;
  readonly onChoose: TriggerFields['entry']['fill'];
};

/** Parts of the cash to buy for, or of the shares to sell. */
const Portions = ({ side, means, onChoose }: PortionsProps): JSX.Element =>
  side === 'buy' ? (
    <AmountChips
      chips={portionsOfCash(means?.cash ?? 0)}
      onChoose={(cents) => onChoose({ unit: 'dollars', cents })}
    />
  ) : (
    <AmountChips
      chips={portionsOfShares(means?.shares ?? 0)}
      onChoose={(shares) => onChoose({ unit: 'shares', shares })}
    />
  );
