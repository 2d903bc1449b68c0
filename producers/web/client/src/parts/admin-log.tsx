/** The download of the whole audit log, and the security log. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { SecurityLog } from '../../../../../shared/web-api/admin.ts';
import { downloadLog, type LogProgress } from '../api/download-log.ts';
import { messageOf } from '../api/problem.ts';
import { describeWebEvent } from '../pure/describe-web-event.ts';
import { formatCount } from '../pure/money.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card, Empty } from './card.tsx';
import { Icon } from './icon.tsx';
import { Pager } from './pager.tsx';
import { When } from './when.tsx';

type Progress =
  | { readonly is: 'idle' }
  | ({ readonly is: 'running' } & LogProgress)
  | { readonly is: 'done'; readonly bytes: number }
  | { readonly is: 'fault'; readonly fault: string };

export const Log = (): JSX.Element => (
  <div class="columns halves">
    <WholeLog />
    <SecurityEntries />
  </div>
);

function WholeLog(): JSX.Element {
  const progress = useSignal<Progress>({ is: 'idle' });
  const stop = useSignal<AbortController | undefined>(undefined);
  const download = async (): Promise<void> => {
    const control = new AbortController();
    stop.value = control;
    progress.value = { is: 'running', bytes: 0, events: 0, of: undefined };
    try {
      const bytes = await downloadLog({
        signal: control.signal,
        onProgress: (sofar) => (progress.value = { is: 'running', ...sofar }),
      });
      progress.value = { is: 'done', bytes };
    } catch (error: unknown) {
      progress.value = control.signal.aborted
        ? { is: 'idle' }
        : { is: 'fault', fault: messageOf(error) };
    }
  };
  const { value: now } = progress;
  return (
    <Card title="Audit log">
      <div class="stack">
        <p class="quiet">The events of every user as one XML file, each user’s in their order.</p>
        {now.is === 'running' ? (
          <>
            <progress
              class="bar"
              aria-label="Download of the log"
              value={now.of === undefined ? undefined : now.events}
              max={now.of}
            />
            <div class="row apart">
              <span>
                {formatCount(now.events)} {now.of !== undefined && `of ${formatCount(now.of)} `}
                events, {formatCount(Math.round(now.bytes / 1_024))} KiB
              </span>
              <button class="button compact" type="button" onClick={() => stop.value?.abort()}>
                Stop
              </button>
            </div>
          </>
        ) : (
          <button class="button primary" type="button" onClick={() => void download()}>
            <Icon name="download" />
            Dump the whole log
          </button>
        )}
        {now.is === 'done' && (
          <p role="status">
            Done: {formatCount(Math.max(1, Math.round(now.bytes / 1_024)))} KiB, complete.
          </p>
        )}
        {now.is === 'fault' && (
          <p class="fault" role="alert">
            {now.fault}
          </p>
        )}
      </div>
    </Card>
  );
}

function SecurityEntries(): JSX.Element {
  const cursors = useSignal<readonly string[]>([]);
  const page = useLoaded<SecurityLog>('/admin/log', { cursor: cursors.value.at(-1) });
  const entries = page.value?.entries;
  return (
    <Card title="Log-ins and administration">
      {entries === undefined ? (
        <Empty title={page.fault ?? 'Loading …'} />
      ) : (
        <ul class="items">
          {entries.map((entry) => (
            <li class="item" key={entry.id}>
              <p>{describeWebEvent(entry)}</p>
              <p class="small quiet">
                <When at={entry.at} />, {entry.address}
              </p>
            </li>
          ))}
        </ul>
      )}
      <Pager label="Pages of log-ins" cursors={cursors} next={page.value?.next} />
    </Card>
  );
}
