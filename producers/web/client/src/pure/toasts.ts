/** Short notices, the latest last. */
export type Toast = {
  readonly id: number;
  readonly kind: 'good' | 'bad' | 'info';
  readonly title: string;
  readonly detail?: string;
  /** The transaction number, where there is one. */
  readonly number?: number;
};

export type NewToast = Omit<Toast, 'id'>;

/** More than these would cover the page; the oldest give way. */
export const TOASTS_MAX = 4;

export const withToast = (toasts: readonly Toast[], toast: Toast): readonly Toast[] =>
  [...toasts, toast].slice(-TOASTS_MAX);

export const withoutToast = (toasts: readonly Toast[], id: number): readonly Toast[] =>
  toasts.filter((toast) => toast.id !== id);

/** A refusal is to be read, a success to be seen. */
export const toastLifeMs = ({ kind }: Toast): number => (kind === 'bad' ? 12_000 : 7_000);
