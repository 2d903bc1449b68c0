/** The administration page. The server refuses its data to traders. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SystemView } from '../../../../../shared/web-api/admin.ts';
import { Choice } from '../parts/choice.tsx';
import { Log } from '../parts/admin-log.tsx';
import { ParkedMessages } from '../parts/parked-messages.tsx';
import { SystemPart } from '../parts/admin-system.tsx';
import { Users } from '../parts/admin-users.tsx';
import type { AdminPart } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

const PARTS = [
  { value: 'system', text: 'System' },
  { value: 'users', text: 'Users' },
  { value: 'parked', text: 'Parked' },
  { value: 'log', text: 'Log' },
] as const satisfies readonly { value: AdminPart; text: string }[];

const REFRESH_MS = 3_000;

type AdminPageProps = { readonly part: AdminPart | undefined };

export function AdminPage({ part = 'system' }: AdminPageProps): JSX.Element {
  const { router } = useApp();
  const looks = useSignal(0);
  const system = useLoaded<SystemView>('/admin/system', {}, looks.value);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') looks.value += 1;
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Page title="Administration" part={PARTS.find(({ value }) => value === part)?.text}>
      <div class="stack">
        <Choice
          label="Part"
          options={PARTS}
          value={part}
          onChoose={(chosen) => router.go(`/admin/${chosen}`)}
        />
        {part === 'system' && <SystemPart loaded={system} />}
        {part === 'users' && <Users />}
        {part === 'parked' && <ParkedMessages />}
        {part === 'log' && <Log />}
      </div>
    </Page>
  );
}
