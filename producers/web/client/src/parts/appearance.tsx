/** The choice between light, dark and what the system says, for this browser. */
import type { JSX } from 'preact';
import { useApp } from '../state/app-context.ts';
import { Card } from './card.tsx';
import { Choice } from './choice.tsx';

const OPTIONS = [
  { value: 'system', text: 'System' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
] as const;

export function Appearance(): JSX.Element {
  const { theme } = useApp().store.preferences;
  return (
    <Card title="Appearance">
      <div class="stack">
        <Choice
          label="Colours"
          options={OPTIONS}
          value={theme.value}
          onChoose={(chosen) => (theme.value = chosen)}
        />
        <p class="hint">For this browser.</p>
      </div>
    </Card>
  );
}
