/** Short notices. One that has the focus or the pointer stays, so that nobody must read it in a hurry. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../pure/money.ts';
import { toastLifeMs, type Toast } from '../pure/toasts.ts';
import { useApp } from '../state/app-context.ts';
import { Icon } from './icon.tsx';

export function Toasts(): JSX.Element {
  const { store } = useApp();
  return (
    <div class="toasts" role="log" aria-live="polite" aria-label="Notices">
      {store.toasts.value.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

const ICONS = { good: 'check', bad: 'warn', info: 'info' } as const;

function ToastCard({ toast }: { readonly toast: Toast }): JSX.Element {
  const { actions } = useApp();
  const card = useRef<HTMLDivElement>(null);
  const isHeld = useSignal(false);
  useEffect(() => {
    if (toast.takesFocus === true && isFocusLost()) card.current?.focus();
  }, []);
  useEffect(() => {
    if (isHeld.value) return undefined;
    const timer = setTimeout(() => actions.dismiss(toast.id), toastLifeMs(toast));
    return () => clearTimeout(timer);
  }, [isHeld.value]);
  const close = (): void => {
    actions.dismiss(toast.id);
    focusPlaceOfWork();
  };
  return (
    <div
      ref={card}
      class={`toast ${toast.kind}`}
      role="group"
      aria-label={toast.title}
      tabIndex={-1}
      onFocusIn={() => (isHeld.value = true)}
      onFocusOut={() => (isHeld.value = false)}
      onPointerEnter={() => (isHeld.value = true)}
      onPointerLeave={() => (isHeld.value = card.current?.matches(':focus-within') === true)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <Icon name={ICONS[toast.kind]} />
      <ToastText toast={toast} />
      <button
        class="icon-button"
        type="button"
        aria-label={`Dismiss: ${toast.title}`}
        onClick={close}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

const ToastText = ({ toast }: { readonly toast: Toast }): JSX.Element => (
  <div>
    <p class="strong">{toast.title}</p>
    {toast.detail !== undefined && <p class="small">{toast.detail}</p>}
    {toast.link !== undefined && (
      <p class="small">
        <a href={toast.link.href}>{toast.link.text}</a>
      </p>
    )}
    {toast.number !== undefined && (
      <p class="small quiet">Transaction {formatCount(toast.number)}</p>
    )}
  </div>
);

/** Whether nothing has the focus, or what has it is about to go with the order. */
function isFocusLost(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.closest('.confirm') !== null;
}

/** Focuses what the user is likely to do next: the next order, the ticket, or the page. */
function focusPlaceOfWork(): void {
  for (const place of ['.confirm', 'input[name="amount"]', 'h1']) {
    const found = document.querySelector<HTMLElement>(place);
    if (found === null) continue;
    found.focus();
    return;
  }
}
