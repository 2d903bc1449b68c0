/** The completion scripts, in the shells that are installed. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { completedCommands } from '../../../infra/cli/completed-commands.ts';
import {
  bashCompletion,
  fishCompletion,
  zshCompletion,
} from '../../../infra/cli/completion-scripts.ts';
import { openProgram } from '../../../infra/cli/program.ts';

const program = await openProgram();
const commands = completedCommands(program);

/** What is typed up to the cursor, and what some of the offers are. */
const TYPED: readonly (readonly [typed: readonly string[], offers: readonly string[]])[] = [
  [['wor'], ['workload']],
  [['re'], ['reset', 'reshard', 'restore']],
  [
    ['parked', ''],
    ['drop', 'list', 'replay', 'show'],
  ],
  [['parked', 'list', '--j'], ['--json']],
  [['workload', 'w.txt', '--da'], []],
  [
    ['workload', 'w.txt', '--re'],
    ['--replicated', '--report'],
  ],
  [['workload', '--via', ''], ['web']],
  [['completion', 'f'], ['fish']],
  [['--ver'], ['--version']],
];

describe('the completion of bash', () => {
  test.each(TYPED)('%j', (typed, offers) => {
    const words = ['daytrade', ...typed].map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _daytrade; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const script = `${bashCompletion(commands)}\n${ask}`;
    const output = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
    const found = output.split('\n').filter((line) => line !== '');
    expect(found.sort()).toEqual(offers);
  });
});

test('bash completes file names where the script offers nothing', () => {
  expect(bashCompletion(commands)).toContain('complete -o default -F _daytrade daytrade');
});

const isInstalled = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};

const inFish = isInstalled('fish') ? describe : describe.skip;

inFish('the completion of fish (skipped where fish is not installed)', () => {
  test.each(TYPED)('%j', (typed, offers) => {
    const line = ['daytrade', ...typed].join(' ');
    const script = `${fishCompletion(commands)}\ncomplete -C '${line}'`;
    const output = execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    const found = output.split('\n').map((each) => each.split('\t')[0] ?? '');
    expect(found.filter((each) => each !== '' && !each.includes('.')).sort()).toEqual(offers);
  });
});

const inZsh = isInstalled('zsh') ? test : test.skip;

inZsh('zsh reads its script (skipped where zsh is not installed)', () => {
  const script = `autoload -Uz compinit; compinit -D; ${zshCompletion(commands)}\nprint \${_comps[daytrade]}`;
  const output = execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
  expect(output.trim()).toBe('_daytrade');
});
