/** The settings of this browser: its colours, and whether the keyboard shortcuts are on. */
import type { JSX } from 'preact';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';

const THEMES = [
  { value: 'system', text: 'System' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
] as const;

const SHORTCUTS = [
  { value: 'on', text: 'Shortcuts on' },
  { value: 'off', text: 'Off' },
] as const;

export function Appearance(): JSX.Element {
  const { theme, shortcuts } = useApp().store.preferences;
  return (
    <Card title="This browser">
      <div class="stack">
        <Choice
          label="Colours"
          options={THEMES}
          value={theme.value}
          onChoose={(chosen) => (theme.value = chosen)}
        />
        <Choice
          label="Keyboard shortcuts"
          options={SHORTCUTS}
          value={shortcuts.value}
          onChoose={(chosen) => (shortcuts.value = chosen)}
        />
        <p class="hint">
          <kbd>?</kbd> lists the shortcuts on any page.
        </p>
      </div>
    </Card>
  );
}
