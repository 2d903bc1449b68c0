/** The system as an administrator sees it. The server shows none of this to traders. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SystemView } from '../../../../../shared/web-api/admin.ts';
import { Choice } from '../parts/choice.tsx';
import { Log } from '../parts/admin-log.tsx';
import { Parked } from '../parts/admin-parked.tsx';
import { SystemPart } from '../parts/admin-system.tsx';
import { Users } from '../parts/admin-users.tsx';
import { useLoaded } from '../state/use-loaded.ts';
import { Page } from './page.tsx';

const PARTS = [
  { value: 'system', text: 'System' },
  { value: 'users', text: 'Users' },
  { value: 'parked', text: 'Parked' },
  { value: 'log', text: 'Log' },
] as const;

const LOOK_MS = 3_000;

export function AdminPage(): JSX.Element {
  const part = useSignal<(typeof PARTS)[number]['value']>('system');
  const looks = useSignal(0);
  const system = useLoaded<SystemView>('/admin/system', {}, looks.value);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') looks.value += 1;
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Page title="Administration">
      <div class="stack">
        <Choice
          label="Part"
          options={PARTS}
          value={part.value}
          onChoose={(chosen) => (part.value = chosen)}
        />
        {part.value === 'system' && <SystemPart system={system.value} fault={system.fault} />}
        {part.value === 'users' && <Users />}
        {part.value === 'parked' && <Parked />}
        {part.value === 'log' && <Log />}
      </div>
    </Page>
  );
}
