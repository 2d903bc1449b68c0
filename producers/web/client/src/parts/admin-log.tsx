/** The download of the whole audit log, and the security log. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { SecurityLog } from '../../../../../shared/web-api/admin.ts';
import { downloadLog, type LogProgress } from '../api/download-log.ts';
import { messageOf } from '../api/problem.ts';
import { describeWebEvent } from '../pure/describe-web-event.ts';
import { formatCount } from '../pure/money.ts';
import { useAddress } from '../state/use-address.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Card } from './card.tsx';
import { FormFault } from './form.tsx';
import { Icon } from './icon.tsx';
import { Loading } from './loading.tsx';
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
  const { progress, start, stop } = useLogDownload();
  return (
    <Card title="Audit log">
      <div class="stack">
        <p class="quiet">The events of every user as one XML file, each user’s in their order.</p>
        {progress.is === 'running' ? (
          <RunningDownload progress={progress} onStop={stop} />
        ) : (
          <button class="button primary" type="button" onClick={() => void start()}>
            <Icon name="download" />
            Dump the whole log
          </button>
        )}
        {progress.is === 'done' && (
          <p role="status">
            Done: {formatCount(Math.max(1, Math.round(progress.bytes / 1_024)))} KiB, complete.
          </p>
        )}
        <FormFault fault={progress.is === 'fault' ? progress.fault : undefined} />
      </div>
    </Card>
  );
}

type RunningDownloadProps = { readonly progress: LogProgress; readonly onStop: () => void };

const RunningDownload = ({
  progress: { bytes, events, of },
  onStop,
}: RunningDownloadProps): JSX.Element => (
  <>
    <progress
      class="bar"
      aria-label="Download of the log"
      value={of === undefined ? undefined : events}
      max={of}
    />
    <div class="row apart">
      <span>
        {formatCount(events)} {of !== undefined && `of ${formatCount(of)} `}
        events, {formatCount(Math.round(bytes / 1_024))} KiB
      </span>
      <button class="button compact" type="button" onClick={onStop}>
        Stop
      </button>
    </div>
  </>
);

type LogDownload = {
  readonly progress: Progress;
  readonly start: () => Promise<void>;
  readonly stop: () => void;
};

function useLogDownload(): LogDownload {
  const progress = useSignal<Progress>({ is: 'idle' });
  const control = useSignal<AbortController | undefined>(undefined);
  const start = async (): Promise<void> => {
    const abort = new AbortController();
    control.value = abort;
    progress.value = { is: 'running', bytes: 0, events: 0, of: undefined };
    try {
      const bytes = await downloadLog({
        signal: abort.signal,
        onProgress: (sofar) => (progress.value = { is: 'running', ...sofar }),
      });
      progress.value = { is: 'done', bytes };
    } catch (error: unknown) {
      progress.value = abort.signal.aborted
        ? { is: 'idle' }
        : { is: 'fault', fault: messageOf(error) };
    }
  };
  return { progress: progress.value, start, stop: () => control.value?.abort() };
}

function SecurityEntries(): JSX.Element {
  const { cursors, turn } = useAddress();
  const page = useLoaded<SecurityLog>('/admin/log', { cursor: cursors.at(-1) });
  const entries = page.value?.entries;
  return (
    <Card title="Log-ins and administration">
      {entries === undefined ? (
        <Loading of={page} />
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
      <Pager label="Pages of log-ins" cursors={cursors} onTurn={turn} next={page.value?.next} />
    </Card>
  );
}
