/** Passwords that guessers try first are refused. */
import { expect, test } from '@jest/globals';
import { refuseWeakPassword } from '../../../producers/web/server/parts/password-rule.ts';
import { newPassword } from '../../../shared/runtime/secrets.ts';

test.each([
  ['on the list', 'leavemealone'],
  ['on the list, in other letters', 'LeaveMeAlone'],
  ['on the list, in full-width letters', 'ｌｅａｖｅｍｅａｌｏｎｅ'],
  ['on the list, with a year', 'Sunshine2024'],
  ['on the list, with punctuation', '1234567890!'],
  ['on the list, between digits', '123dragon123'],
  ['on the list, twice', 'monkeymonkey'],
  ['of three characters', 'abcabcabcabc'],
  ['with the user name', 'my-alice-2024-x'],
])('refused: %s', (_why, password) => {
  expect(() => refuseWeakPassword(password, 'alice')).toThrow(
    expect.objectContaining({ code: 'password-weak' }),
  );
});

test.each(['correct horse battery', 'x7!kdq02hZpe', 'Grünkohl mit Pinkel', newPassword()])(
  'taken: %s',
  (password) => {
    expect(() => refuseWeakPassword(password, 'alice')).not.toThrow();
  },
);
