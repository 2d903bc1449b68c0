/** The parked messages with their reasons and bodies, and their replay. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ParkedEntry, ParkedList } from '../../../../../shared/web-api/admin.ts';
import { messageOf } from '../api/problem.ts';
import { formatCount } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card, Empty } from './card.tsx';
import { Loading } from './loading.tsx';

export function ParkedMessages(): JSX.Element {
  const list = useLoaded<ParkedList>('/admin/parked');
  const parked = list.value?.parked;
  return (
    <Card
      title="Parked messages"
      action={
        <button class="button compact" type="button" onClick={list.reload}>
          Look again
        </button>
      }
    >
      {parked === undefined ? (
        <Loading of={list} />
      ) : parked.length === 0 ? (
        <Empty title="Nothing is parked.">Every message could be read.</Empty>
      ) : (
        <ul class="items">
          {parked.map((entry) => (
            <ParkedItem key={entry.id} entry={entry} onReplayed={list.reload} />
          ))}
        </ul>
      )}
    </Card>
  );
}

type ParkedItemProps = { readonly entry: ParkedEntry; readonly onReplayed: () => void };

function ParkedItem({ entry, onReplayed }: ParkedItemProps): JSX.Element {
  const { http, actions } = useApp();
  const isBusy = useSignal(false);
  const replay = async (): Promise<void> => {
    isBusy.value = true;
    try {
      await http.send('POST', `/admin/parked/${encodeURIComponent(entry.id)}/replay`);
      actions.notify({ kind: 'good', title: 'Replayed', detail: `Back to ${entry.from}.` });
    } catch (error: unknown) {
      actions.notify({ kind: 'bad', title: 'Not replayed', detail: messageOf(error) });
    }
    isBusy.value = false;
    onReplayed();
  };
  return (
    <li class="item stack tight">
      <div class="row apart">
        <span class="row">
          <span class="badge warn">{entry.from}</span>
          <span class="strong">{entry.reason}</span>
        </span>
        <button
          class="button compact"
          type="button"
          disabled={isBusy.value || !entry.replayable}
          onClick={() => void replay()}
        >
          {entry.replayable ? 'Replay' : 'Cannot be replayed'}
        </button>
      </div>
      <p class="small quiet">{formatCount(entry.bytes)} bytes</p>
      <p class="code">{entry.body}</p>
    </li>
  );
}
