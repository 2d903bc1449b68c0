/** The inbox page: the triggers that fired, also while no page was open. */
import type { JSX } from 'preact';
import type { InboxItem } from '../../../../../shared/web-api/inbox.ts';
import { Card, Empty } from '../parts/card.tsx';
import { Loading } from '../parts/loading.tsx';
import { SideBadge } from '../parts/trigger-badges.tsx';
import { When } from '../parts/when.tsx';
import { describeEnded } from '../pure/describe-trigger.ts';
import { formatChange, formatCount } from '../pure/money.ts';
import {
  askForNotifications,
  notificationAccess,
  type NotificationAccess,
} from '../state/notifications.ts';
import { useInbox } from '../state/use-inbox.ts';
import { Page } from './page.tsx';

export const InboxPage = (): JSX.Element => (
  <Page title="Inbox">
    <div class="columns with-side">
      <Firings />
      <BrowserNotifications />
    </div>
  </Page>
);

function Firings(): JSX.Element {
  const loaded = useInbox();
  const items = loaded.value?.items;
  return (
    <Card title="Triggers that fired">
      {items === undefined ? (
        <Loading of={loaded} />
      ) : items.length === 0 ? (
        <Empty title="Nothing yet.">
          A trigger that fires is listed here, also if it fires while no page is open.
        </Empty>
      ) : (
        <ul class="items">
          {items.map((item) => (
            <Firing key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const Firing = ({ item }: { readonly item: InboxItem }): JSX.Element => (
  <li class="item">
    <div class="row apart">
      <span class="row">
        <a class="strong" href={`/trade/${item.symbol}`}>
          {item.symbol}
        </a>
        <SideBadge side={item.side} />
        {item.unread && <span class="badge info">New</span>}
      </span>
      <span class="small quiet">
        <When at={item.at} />
      </span>
    </div>
    <p>
      {describeEnded({ ...item, state: 'fired' })} {formatChange(item.traded)} in cash.
    </p>
    <p class="small quiet">Transaction {formatCount(item.number)}</p>
  </li>
);

const STATES: Readonly<Record<NotificationAccess, string>> = {
  default: 'This browser can notify you of a trigger that fires while you look at something else.',
  granted: 'This browser notifies you while a page of daytrade is open in the background.',
  denied: 'This browser blocks notifications from here. Its settings for this site allow them.',
  missing: 'This browser cannot notify you.',
};

const BrowserNotifications = (): JSX.Element => (
  <Card title="Notifications">
    <div class="stack">
      <p class="quiet">{STATES[notificationAccess.value]}</p>
      {notificationAccess.value === 'default' && (
        <button class="button" type="button" onClick={() => void askForNotifications()}>
          Notify me
        </button>
      )}
    </div>
  </Card>
);
