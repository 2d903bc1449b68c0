/** The page to log in and to sign up. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { checkNewPassword, checkUserName, PASSWORD_LENGTH_MAX } from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { Page } from './page.tsx';

const WORDS = {
  login: {
    title: 'Log in',
    button: 'Log in',
    other: { text: 'New here?', href: '/signup', link: 'Sign up' },
  },
  signup: {
    title: 'Create your account',
    button: 'Sign up',
    other: { text: 'You have an account?', href: '/login', link: 'Log in' },
  },
} as const;

const PROMISES = [
  ['Trade by the dollar', 'Say how much, and see the shares it buys before you confirm.'],
  ['A minute to decide', 'The price is held for you until you commit, cancel or let it go.'],
  ['Triggers that watch', 'They buy low or sell high for you, and say so the moment they do.'],
] as const;

export function SignInPage({ mode }: { readonly mode: 'login' | 'signup' }): JSX.Element {
  const { store } = useApp();
  const { title } = WORDS[mode];
  return (
    <Page title={title}>
      <div class="welcome">
        <div class="stack">
          {store.notice.value !== undefined && (
            <p class="plan" role="status">
              {store.notice.value}
            </p>
          )}
          <Form key={mode} mode={mode} />
        </div>
        <ul class="promises">
          {PROMISES.map(([promise, meaning]) => (
            <li key={promise}>
              <p class="strong">{promise}</p>
              <p class="quiet">{meaning}</p>
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}

function Form({ mode }: { readonly mode: 'login' | 'signup' }): JSX.Element {
  const { actions, router } = useApp();
  const user = useSignal('');
  const password = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const { button, other } = WORDS[mode];
  const submit = async (): Promise<void> => {
    const credentials = { user: user.value.trim(), password: password.value };
    fault.value =
      checkUserName(credentials.user) ??
      (mode === 'signup' ? checkNewPassword(credentials.password) : undefined);
    if (fault.value !== undefined) return;
    isBusy.value = true;
    const result = await (mode === 'signup'
      ? actions.signUp(credentials)
      : actions.signIn(credentials));
    isBusy.value = false;
    if (!result.ok) fault.value = result.fault;
    else if (['login', 'signup'].includes(router.route.value.page)) {
      router.go(mode === 'signup' ? '/portfolio' : '/trade');
    }
  };
  return (
    <Card>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          label="User name"
          name="username"
          autocomplete="username"
          required
          maxLength={64}
          value={user.value}
          onValue={(value) => (user.value = value)}
          hint={mode === 'signup' ? 'Letters, digits, _ . and -' : undefined}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete={mode === 'signup' ? 'new-password' : 'current-password'}
          required
          maxLength={PASSWORD_LENGTH_MAX}
          value={password.value}
          onValue={(value) => (password.value = value)}
          hint={mode === 'signup' ? 'At least 10 characters' : undefined}
        />
        {fault.value !== undefined && (
          <p class="fault" role="alert">
            {fault.value}
          </p>
        )}
        <button class="button primary wide" type="submit" disabled={isBusy.value}>
          {isBusy.value && <span class="spinner" aria-hidden="true" />}
          {button}
        </button>
        <p class="small quiet">
          {other.text} <a href={other.href}>{other.link}</a>
        </p>
      </form>
    </Card>
  );
}
