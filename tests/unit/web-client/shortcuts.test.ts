import { describe, expect, test } from '@jest/globals';
import { shortcutOf } from '../../../producers/web/client/src/pure/shortcuts.ts';

const press = (key: string) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
});

describe('a key', () => {
  test('is a shortcut in either letter case', () => {
    expect(['/', 'b', 'S', '?', 'x'].map((key) => shortcutOf(press(key), false))).toEqual([
      '/',
      'b',
      's',
      '?',
      undefined,
    ]);
  });

  test('belongs to a text that is being typed, to the browser, or to a key that is held down', () => {
    expect(shortcutOf(press('b'), true)).toBeUndefined();
    for (const held of ['ctrlKey', 'metaKey', 'altKey', 'repeat']) {
      expect(shortcutOf({ ...press('b'), [held]: true }, false)).toBeUndefined();
    }
  });
});
