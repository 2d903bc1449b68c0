/** A hook that arms a trigger, and lets the user confirm first if it would trade at once. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Trigger } from '../../../../../shared/web-api/portfolio.ts';
import type { Plan } from '../pure/describe-trigger.ts';
import { isMetBy } from '../pure/met-trigger.ts';
import { useApp } from './app-context.ts';
import { armTrigger } from './arm-trigger.ts';
import { currentPrice } from './current-price.ts';
import { useSubmission, type Submission } from './use-submission.ts';

export type TriggerArming = Omit<Submission, 'send'> & {
  /** Whether the latest known price meets the plan. */
  readonly isMet: boolean;
  /** Whether the user has asked for this very plan, and must confirm that it trades at once. */
  readonly isAsking: boolean;
  /** Arms the plan, unless the current price meets it: then it asks. */
  readonly arm: (plan: Plan) => Promise<void>;
  /** Arms the plan although it trades at once. */
  readonly confirm: (plan: Plan) => Promise<void>;
  readonly goBack: () => void;
};

/** `plan` is what the fields say now, and `present` the existing trigger. */
export function useArming(plan: Plan | undefined, present: Trigger | undefined): TriggerArming {
  const app = useApp();
  const { send, ...submission } = useSubmission();
  const asked = useSignal<string | undefined>(undefined);
  const quote = plan && app.store.quotes.value.get(plan.symbol);
  const isMet = plan !== undefined && quote !== undefined && isMetBy(plan, quote.price);
  const goBack = (): void => {
    asked.value = undefined;
  };
  // A price that returns later must not bring the question back under the user's pointer.
  useEffect(() => {
    if (!isMet) goBack();
  }, [isMet]);
  return {
    ...submission,
    isMet,
    isAsking: isMet && asked.value === nameOf(plan),
    arm: async (wanted) => {
      await send(async () => {
        const price = await currentPrice(app, wanted.symbol);
        if (!price.ok) return price;
        if (!isMetBy(wanted, price.value)) return await armTrigger(app.actions, wanted, present);
        asked.value = nameOf(wanted);
        return price;
      });
    },
    confirm: async (wanted) => {
      await send(() => armTrigger(app.actions, wanted, present));
      goBack();
    },
    goBack,
  };
}

const nameOf = (plan: Plan): string => JSON.stringify(plan);
