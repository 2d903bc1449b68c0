/** The list of the keyboard shortcuts, which `?` opens and Escape closes. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { ORDER_KEYS, SHORTCUTS } from '../pure/shortcuts.ts';
import { useShortcuts } from '../state/use-shortcuts.ts';

export function ShortcutHelp(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useShortcuts(() => dialog.current?.showModal());
  return (
    <dialog ref={dialog} class="help card" aria-labelledby="help-title">
      <div class="stack">
        <h2 id="help-title">Keyboard shortcuts</h2>
        <dl class="facts">
          {[...SHORTCUTS, ...ORDER_KEYS].map(({ key, does }) => (
            <div key={key}>
              <dt>{does}</dt>
              <dd>
                <kbd>{key}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <p class="hint">The settings switch them off.</p>
        <button class="button" type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
