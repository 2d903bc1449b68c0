/** Short notices; lists have the latest last. */
export type Toast = {
  readonly id: number;
  readonly kind: 'good' | 'bad' | 'info';
  readonly title: string;
  readonly detail?: string;
  /** The transaction number, if there is one. */
  readonly number?: number;
  /** Whether the focus moves to it, because what the user pressed is gone. */
  readonly takesFocus?: boolean;
  /** The page where the user can act on it. */
  readonly link?: { readonly href: string; readonly text: string };
};

export type NewToast = Omit<Toast, 'id'>;

/** The most notices, so that they do not cover the page; the oldest are dropped. */
export const TOASTS_MAX = 4;

export const withToast = (toasts: readonly Toast[], toast: Toast): readonly Toast[] =>
  [...toasts, toast].slice(-TOASTS_MAX);

export const withoutToast = (toasts: readonly Toast[], id: number): readonly Toast[] =>
  toasts.filter((toast) => toast.id !== id);

/** Refusals are shown longer, because people must read them. */
export const toastLifeMs = ({ kind }: Toast): number => (kind === 'bad' ? 12_000 : 7_000);
