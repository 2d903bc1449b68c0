/** Sends the commands of this tab, applies their answers to the store and shows their outcomes. */
import type {
  Accepted,
  CommandAnswer,
  CommandRequest,
  OrderDetails,
} from '../../../../../shared/web-api/command.ts';
import { describeDone } from '../pure/describe-done.ts';
import { explainRejection } from '../pure/explain-rejection.ts';
import { readAmount } from '../pure/money.ts';
import { withoutDecided } from '../pure/track-orders.ts';
import { keepAsked } from './kept-orders.ts';
import type { Loader } from './loader.ts';
import { failed, type Result } from './result.ts';
import type { Store } from './store.ts';
import type { Toaster } from './toaster.ts';
import { OutcomeUnknown, type Writes } from './writes.ts';

type Dependencies = {
  readonly store: Store;
  readonly writes: Writes;
  readonly loader: Loader;
  readonly toaster: Toaster;
};

export class Commands {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Sends a command that has no form, so that a toast shows its refusal. */
  async send(request: CommandRequest): Promise<Result<Accepted>> {
    return this.#showRefusal(await this.submit(request));
  }

  /** Sends a command of a form, which shows its refusal itself. */
  submit(request: CommandRequest): Promise<Result<Accepted>> {
    return this.#settle(request, this.#dependencies.writes.send(request));
  }

  /** Waits again for the commands that were open when the page was reloaded. */
  resume(): void {
    for (const { request, answer } of this.#dependencies.writes.resume()) {
      void this.#settle(request, answer).then((result) => this.#showRefusal(result));
    }
  }

  /** Waits for the answer of a command, applies it to the store, and shows a toast if it took effect. */
  async #settle(
    request: CommandRequest,
    answer: Promise<CommandAnswer>,
  ): Promise<Result<Accepted>> {
    const { loader, toaster } = this.#dependencies;
    try {
      const settled = await answer;
      if (settled.outcome === 'rejected') {
        return { ok: false, fault: explainRejection(settled, request), code: settled.code };
      }
      if (settled.order !== undefined) this.#applyOrder(request, settled.order);
      await loader.loadPortfolio();
      const done = describeDone(request, settled);
      const takesFocus = /^(COMMIT|CANCEL)_/.test(request.command);
      if (done !== undefined) {
        toaster.notify({ kind: 'good', ...done, number: settled.number, takesFocus });
      }
      return { ok: true, value: settled };
    } catch (error: unknown) {
      return faultOf(error);
    }
  }

  #applyOrder(request: CommandRequest, order: OrderDetails): void {
    const { store } = this.#dependencies;
    if (request.command === 'BUY' || request.command === 'SELL') {
      const user = store.session.peek()?.user ?? '';
      const asked = readAmount(request.amount);
      if (asked.is === 'amount') {
        const quantity = { unit: 'dollars', cents: asked.cents } as const;
        keepAsked({ user, placedAt: order.placedAt, quantity });
      }
      store.placedHere.value = order.placedAt;
      return;
    }
    const portfolio = store.serverPortfolio.peek();
    if (portfolio === undefined) return;
    store.serverPortfolio.value = { ...portfolio, orders: withoutDecided(portfolio.orders, order) };
  }

  /** Shows why a command was not done, except to a user who is now asked to log in. */
  #showRefusal(result: Result<Accepted>): Result<Accepted> {
    if (!result.ok && result.code !== 'signed-out') {
      const title = result.code === UNKNOWN.code ? 'Outcome unknown' : 'Not done';
      this.#dependencies.toaster.notify({ kind: 'bad', title, detail: result.fault });
    }
    return result;
  }
}

const UNKNOWN = {
  ok: false,
  fault: 'The server gave no answer. Your history will tell if it was done.',
  code: 'outcome-unknown',
} as const;

const faultOf = (error: unknown): Result<Accepted> =>
  error instanceof OutcomeUnknown ? UNKNOWN : failed(error);
