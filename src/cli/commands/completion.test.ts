/** The completion scripts are accepted by their shells, and bash proposes what may come next. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandName } from '../command.ts';
import { completionScript } from './completion.ts';
import { commands } from './index.ts';

const bash = completionScript('bash', commands);

/** Returns what bash proposes for the last of `words`. */
function proposals(...words: string[]): string[] {
  const line = ['sluice', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${bash}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' }).trim().split('\n');
}

test('bash proposes commands, then verbs, then options', () => {
  expect(proposals('ex')).toEqual(['example', 'execution', 'exception']);
  expect(proposals('execution', 're')).toEqual(['resume', 'restart', 'replay', 'recover']);
  expect(proposals('kv', 'set', '--t')).toEqual(['--type', '--ttl']);
  expect(proposals('run', '--in')).toEqual(['--input', '--inputs']);
  expect(proposals('run', 'flow.yaml', '--th')).toEqual(['--then']);
});

test('bash proposes files where a file may stand', () => {
  expect(proposals('run', 'et')).toEqual(['etc']);
});

test.each(['bash', 'zsh', 'fish'])('the script for %s knows every command', (shell) => {
  const script = completionScript(shell, commands);
  for (const command of commands) {
    const words = shell === 'fish' ? [command.verb] : commandName(command).split(' ');
    for (const word of words) expect(script).toContain(word);
  }
});
