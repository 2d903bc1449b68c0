/** The page to log in and to sign up. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { Form, FormFault, SubmitButton } from '../parts/form.tsx';
import {
  checkNewPassword,
  checkPassword,
  checkUserName,
  fieldOfProblem,
  type CredentialField,
} from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
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
          <SignInForm key={mode} mode={mode} />
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

function SignInForm({ mode }: { readonly mode: 'login' | 'signup' }): JSX.Element {
  const { actions, router } = useApp();
  const user = useSignal('');
  const password = useSignal('');
  const { isBusy, fault, code, setFault, send } = useSubmission();
  const isNew = mode === 'signup';
  const { button, other } = WORDS[mode];
  const submit = async (): Promise<void> => {
    const credentials = { user: user.value.trim(), password: password.value };
    const wrongName = checkUserName(credentials.user);
    const check = isNew ? checkNewPassword : checkPassword;
    const invalid = wrongName ?? check(credentials.password);
    setFault(invalid, wrongName === undefined ? 'password-invalid' : 'name-invalid');
    if (invalid !== undefined) return;
    const signIn = isNew ? actions.signUp : actions.signIn;
    const isSignedIn = await send(() => signIn(credentials));
    if (isSignedIn && ['login', 'signup'].includes(router.route.value.page)) {
      router.go(isNew ? '/portfolio' : '/trade');
    }
  };
  const faulty = fieldOfProblem(code);
  return (
    <Card>
      <Form onSubmit={submit}>
        <CredentialFields
          isNew={isNew}
          user={user}
          password={password}
          fault={fault}
          faulty={faulty}
          onChange={() => setFault(undefined)}
        />
        <FormFault fault={faulty === undefined ? fault : undefined} />
        <SubmitButton look="primary wide" isBusy={isBusy}>
          {button}
        </SubmitButton>
        <p class="small quiet">
          {other.text} <a href={other.href}>{other.link}</a>
        </p>
      </Form>
    </Card>
  );
}

type CredentialFieldsProps = {
  /** Whether the user chooses the name and the password here. */
  readonly isNew: boolean;
  readonly user: Signal<string>;
  readonly password: Signal<string>;
  readonly fault: string | undefined;
  /** The field that the fault is about; undefined if it is about none. */
  readonly faulty: CredentialField | undefined;
  readonly onChange: () => void;
};

function CredentialFields(props: CredentialFieldsProps): JSX.Element {
  const { isNew, user, password, fault, faulty, onChange } = props;
  const enter = (field: Signal<string>, value: string): void => {
    field.value = value;
    onChange();
  };
  return (
    <>
      <Field
        label="User name"
        name="username"
        autocomplete="username"
        value={user.value}
        onValue={(value) => enter(user, value)}
        fault={faulty === 'user' ? fault : undefined}
        hint={isNew ? 'Letters, digits, _ . and -' : undefined}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autocomplete={isNew ? 'new-password' : 'current-password'}
        value={password.value}
        onValue={(value) => enter(password, value)}
        fault={faulty === 'password' ? fault : undefined}
        hint={isNew ? 'At least 10 characters' : undefined}
      />
    </>
  );
}
