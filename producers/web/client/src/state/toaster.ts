/** Shows toasts. Each ends itself after a time. */
import { withoutToast, withToast, type NewToast } from '../pure/toasts.ts';
import type { Store } from './store.ts';

export type Toaster = {
  readonly notify: (toast: NewToast) => void;
  readonly dismiss: (id: number) => void;
};

export function createToaster({ toasts }: Pick<Store, 'toasts'>): Toaster {
  let shown = 0;
  const dismiss = (id: number): void => {
    toasts.value = withoutToast(toasts.value, id);
  };
  const notify = (newToast: NewToast): void => {
    toasts.value = withToast(toasts.value, { ...newToast, id: ++shown });
  };
  return { notify, dismiss };
}
