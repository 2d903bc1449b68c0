/** A token or password that is shown once, with a button that copies it. It takes the focus when it appears. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

type SecretProps = { readonly title: string; readonly secret: string };

export function Secret({ title, secret }: SecretProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const code = useRef<HTMLElement>(null);
  const said = useSignal('');
  useEffect(() => box.current?.focus(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      said.value = 'Copied.';
    } catch {
      // The browser does not allow it, so the user copies the selected text.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      said.value = 'It is selected: copy it by the keyboard.';
    }
  };
  return (
    <div class="plan" ref={box} role="group" aria-label={title} tabIndex={-1}>
      <p class="strong">{title}</p>
      <code class="secret" ref={code}>
        {secret}
      </code>
      <div class="row">
        <button class="button compact" type="button" onClick={() => void copy()}>
          <Icon name="copy" />
          Copy
        </button>
        <span class="small" role="status">
          {said.value}
        </span>
      </div>
    </div>
  );
}
