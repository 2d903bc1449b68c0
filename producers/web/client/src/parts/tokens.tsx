/** The API tokens of the user: the list, and the form that makes one. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { IssuedToken, TokenEntry, TokenList } from '../../../../../shared/web-api/session.ts';
import { formatDay, formatInstant } from '../pure/time.ts';
import { useApp } from '../state/app-context.ts';
import { attempt } from '../state/result.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { useSubmission, type Submission } from '../state/use-submission.ts';
import { useTextField } from '../state/use-text-field.ts';
import { Card } from './card.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { Field } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';
import { Loading } from './loading.tsx';
import { Secret } from './secret.tsx';
import { Select } from './select.tsx';

const SHOWN_ONCE = 'Copy it now; it is shown this once.';

export function Tokens(): JSX.Element {
  const { http, actions } = useApp();
  const list = useLoaded<TokenList>('/tokens');
  const made = useSignal<IssuedToken | undefined>(undefined);
  const submission = useSubmission();
  const make = async (body: TokenRequest): Promise<void> => {
    made.value = await http.send<IssuedToken>('POST', '/tokens', { body });
  };
  const revoke = async (id: string): Promise<void> => {
    await http.send('DELETE', `/tokens/${encodeURIComponent(id)}`);
    if (made.value?.id === id) made.value = undefined;
    actions.notify({ kind: 'good', title: 'Token revoked', takesFocus: true });
  };
  /** Shows the list again after a change, also after a refused one. */
  const submit = async (change: () => Promise<void>): Promise<boolean> => {
    const isDone = await submission.send(() => attempt(change));
    list.reload();
    return isDone;
  };
  const tokens = list.value?.tokens ?? [];
  return (
    <Card title="API tokens">
      <div class="stack">
        <p class="quiet small">
          A token lets a program trade as you, through <a href="/docs">the API</a>. It is sent as a
          bearer token, or as the password of HTTP Basic.
        </p>
        {made.value !== undefined && (
          <Secret key={made.value.id} title={SHOWN_ONCE} secret={made.value.token} />
        )}
        {list.value === undefined && <Loading of={list} />}
        {tokens.length > 0 && (
          <ul class="items">
            {tokens.map((token) => (
              <TokenItem
                key={token.id}
                token={token}
                onRevoke={() => void submit(() => revoke(token.id))}
              />
            ))}
          </ul>
        )}
        <TokenForm submission={submission} onMake={(body) => submit(() => make(body))} />
      </div>
    </Card>
  );
}

const LIVES = [
  { value: '30', text: '30 days' },
  { value: '90', text: '90 days' },
  { value: '365', text: '1 year' },
] as const;

type TokenRequest = { readonly name: string; readonly days: number };

const NAME_LENGTH_MAX = 60;

type TokenFormProps = {
  readonly submission: Submission;
  /** Resolves to whether the token was made. */
  readonly onMake: (request: TokenRequest) => Promise<boolean>;
};

function TokenForm({ submission, onMake }: TokenFormProps): JSX.Element {
  const { setFault } = submission;
  const name = useTextField(submission);
  const days = useSignal('30');
  const make = async (): Promise<void> => {
    const request = { name: name.text.value.trim(), days: Number(days.value) };
    if (request.name === '') setFault('Say what it is for.');
    else if (request.name.length > NAME_LENGTH_MAX) {
      setFault(`At most ${NAME_LENGTH_MAX} characters; this one has ${request.name.length}.`);
    } else if (await onMake(request)) name.text.value = '';
  };
  return (
    <Form onSubmit={make}>
      <Field label="What a new token is for" placeholder="My price watcher" {...name.shown} />
      <Select
        label="Valid for"
        value={days.value}
        options={LIVES}
        onChoose={(value) => (days.value = value)}
      />
      <SubmitButton>Make a token</SubmitButton>
    </Form>
  );
}

type TokenItemProps = { readonly token: TokenEntry; readonly onRevoke: () => void };

const TokenItem = ({ token, onRevoke }: TokenItemProps): JSX.Element => (
  <li class="item row apart">
    <div>
      <p class="strong">{token.name}</p>
      <p class="small quiet">
        {token.expiresAt === null ? 'Does not expire' : `Until ${formatDay(token.expiresAt)}`}
        {token.lastUsedAt === null
          ? ', never used'
          : `, last used ${formatInstant(token.lastUsedAt)}`}
      </p>
    </div>
    <ConfirmButton
      text="Revoke"
      label={`Revoke the token ${token.name}`}
      question="Programs that use it stop."
      onConfirm={onRevoke}
    />
  </li>
);
