/** Notifications of the browser, which reach a user who does not look at the page. */
import { signal, type ReadonlySignal } from '@preact/signals';

export type NotificationAccess = NotificationPermission | 'missing';

const isThere = 'Notification' in globalThis;
const access = signal<NotificationAccess>(isThere ? Notification.permission : 'missing');

/** Whether this browser may notify; `missing` if it cannot, as on some phones. */
export const notificationAccess: ReadonlySignal<NotificationAccess> = access;

export async function askForNotifications(): Promise<void> {
  if (isThere) access.value = await Notification.requestPermission();
}

type Notice = { readonly title: string; readonly body: string; readonly id: string };

/** Notifies a user who may not see the page. The tabs of a browser show one notification together. */
export function notifyInBackground({ title, body, id }: Notice): void {
  if (access.peek() !== 'granted' || document.visibilityState === 'visible') return;
  try {
    const shown = new Notification(title, { body, tag: id });
    shown.addEventListener('click', () => window.focus());
  } catch {
    // Browsers on phones allow notifications from a service worker only.
    access.value = 'missing';
  }
}
