/** The page to log in and to sign up. */
import type { JSX } from 'preact';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { Form, FormFault, SubmitButton } from '../parts/form.tsx';
import {
  checkNewPassword,
  checkPassword,
  checkUserName,
  fieldOfProblem,
} from '../pure/check-credentials.ts';
import { useApp } from '../state/app-context.ts';
import { useSubmission } from '../state/use-submission.ts';
import { useTextField, type TextField } from '../state/use-text-field.ts';
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
  const submission = useSubmission();
  const { isBusy, fault, code, setFault, send } = submission;
  const faulty = fieldOfProblem(code);
  const user = useTextField(submission, faulty === 'user');
  const password = useTextField(submission, faulty === 'password');
  const isNew = mode === 'signup';
  const { button, other } = WORDS[mode];
  const submit = async (): Promise<void> => {
    const credentials = { user: user.text.value.trim(), password: password.text.value };
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
  return (
    <Card>
      <Form onSubmit={submit}>
        <CredentialFields isNew={isNew} user={user} password={password} />
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
  readonly user: TextField;
  readonly password: TextField;
};

const CredentialFields = ({ isNew, user, password }: CredentialFieldsProps): JSX.Element => (
  <>
    <Field
      label="User name"
      name="username"
      autocomplete="username"
      hint={isNew ? 'Letters, digits, _ . and -' : undefined}
      {...user.shown}
    />
    <Field
      label="Password"
      name="password"
      type="password"
      autocomplete={isNew ? 'new-password' : 'current-password'}
      hint={isNew ? 'At least 10 characters' : undefined}
      {...password.shown}
    />
  </>
);
