/** The settings page: the user's password, sessions and tokens. */
import type { JSX } from 'preact';
import type { Session } from '../../../../../shared/web-api/session.ts';
import { Appearance } from '../parts/appearance.tsx';
import { Card } from '../parts/card.tsx';
import { PasswordForm } from '../parts/password-form.tsx';
import { Sessions } from '../parts/sessions.tsx';
import { Tokens } from '../parts/tokens.tsx';
import { Page } from './page.tsx';

export const SettingsPage = ({ session }: { readonly session: Session }): JSX.Element => (
  <Page title="Settings">
    <div class="columns halves">
      <div class="stack">
        <Card title="Account">
          <dl class="facts">
            <div>
              <dt>User name</dt>
              <dd>{session.user}</dd>
            </div>
            <div>
              <dt>Role</dt>
              <dd>{session.role === 'administrator' ? 'Administrator' : 'Trader'}</dd>
            </div>
          </dl>
        </Card>
        <Appearance />
        <Card title="Password">
          <PasswordForm />
        </Card>
      </div>
      <div class="stack">
        <Sessions />
        <Tokens />
      </div>
    </div>
  </Page>
);

/** The only page that is open to a user whose password was handed out. */
export const ChangeGivenPassword = (): JSX.Element => (
  <Page title="Choose your own password">
    <div class="welcome">
      <Card>
        <div class="stack">
          <p>The password you were given is for this once. Choose one that only you know.</p>
          <PasswordForm />
        </div>
      </Card>
    </div>
  </Page>
);
