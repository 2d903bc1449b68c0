/** The administration page. The server refuses its data to traders. */
import type { JSX } from 'preact';
import { Choice } from '../parts/choice.tsx';
import { Log } from '../parts/admin-log.tsx';
import { OperationsPart } from '../parts/operations-part.tsx';
import { ParkedMessages } from '../parts/parked-messages.tsx';
import { SystemPart } from '../parts/admin-system.tsx';
import { Users } from '../parts/admin-users.tsx';
import type { AdminPart } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { Page } from './page.tsx';

const PARTS = [
  { value: 'operations', text: 'Operations' },
  { value: 'system', text: 'System' },
  { value: 'users', text: 'Users' },
  { value: 'parked', text: 'Parked' },
  { value: 'log', text: 'Log' },
] as const satisfies readonly { value: AdminPart; text: string }[];

type AdminPageProps = { readonly part: AdminPart | undefined };

export function AdminPage({ part = 'operations' }: AdminPageProps): JSX.Element {
  const { router } = useApp();
  return (
    <Page title="Administration" part={PARTS.find(({ value }) => value === part)?.text}>
      <div class="stack">
        <Choice
          label="Part"
          options={PARTS}
          value={part}
          onChoose={(chosen) => router.go(`/admin/${chosen}`)}
        />
        {part === 'operations' && <OperationsPart />}
        {part === 'system' && <SystemPart />}
        {part === 'users' && <Users />}
        {part === 'parked' && <ParkedMessages />}
        {part === 'log' && <Log />}
      </div>
    </Page>
  );
}
