/** A hook that loads the inbox and marks it as read while the user looks at it. */
import { useEffect, useRef } from 'preact/hooks';
import type { Inbox } from '../../../../../shared/web-api/inbox.ts';
import { useApp } from './app-context.ts';
import { attempt } from './result.ts';
import { useLoaded, type Loaded } from './use-loaded.ts';

/** The items keep their unread marks until the user leaves the page. */
export function useInbox(): Loaded<Inbox> {
  const { http, store } = useApp();
  const unread = useRef(new Set<string>());
  const loaded = useLoaded<Inbox>('/inbox', {}, store.entriesReceived.value);
  const items = loaded.value?.items;
  for (const item of items ?? []) if (item.unread) unread.current.add(item.id);
  const [latest] = items ?? [];
  useEffect(() => {
    if (latest?.unread !== true) return;
    const body = { readUpTo: latest.id };
    void attempt(() => http.send('PUT', '/inbox', { body }));
  }, [latest?.id]);
  if (items === undefined) return loaded;
  const marked = items.map((item) => ({ ...item, unread: unread.current.has(item.id) }));
  return { ...loaded, value: { items: marked } };
}
