/** Row locks on users: taken in one order, waited for in the order of arrival, held until the end. */
import type { UserId } from '../../shared/domain/identity.ts';

type Wait = { readonly holder: object; readonly go: () => void };

export class UserLocks {
  readonly #holders = new Map<UserId, object>();
  readonly #waiting = new Map<UserId, Wait[]>();

  async take(holder: object, users: readonly UserId[]): Promise<void> {
    for (const user of [...users].sort()) {
      if ((this.#holders.get(user) ?? holder) === holder) this.#holders.set(user, holder);
      else await this.#wait(holder, user);
    }
  }

  #wait(holder: object, user: UserId): Promise<void> {
    return new Promise((go) => {
      const line = this.#waiting.get(user) ?? [];
      line.push({ holder, go });
      this.#waiting.set(user, line);
    });
  }

  /** Frees the locks of a holder, and wakes its own waits, which then find that it has ended. */
  free(holder: object): void {
    for (const line of this.#waiting.values()) {
      for (const wait of line.splice(0)) {
        if (wait.holder === holder) wait.go();
        else line.push(wait);
      }
    }
    for (const [user, owner] of [...this.#holders]) {
      if (owner !== holder) continue;
      const next = this.#waiting.get(user)?.shift();
      if (next === undefined) this.#holders.delete(user);
      else this.#holders.set(user, next.holder);
      next?.go();
    }
  }
}
