/** The data folder is found by one rule, nearest first. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Call } from './command.ts';
import { dataFolder, repeatable } from './data-folder.ts';

let workingFolder = '';
beforeEach(() => {
  workingFolder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
});
afterEach(() => {
  rmSync(workingFolder, { recursive: true });
});

function callWith(data: string | undefined): Call {
  return { text: (name: string) => (name === 'data' ? data : undefined) } as Call;
}

test('the option wins, then the environment, then the working folder, then the home', () => {
  const home = { HOME: '/home/ada' };
  const environment = { ...home, SLUICE_DATA: 'there' };
  expect(dataFolder(callWith('here'), { environment, workingFolder })).toBe(
    join(workingFolder, 'here'),
  );
  expect(dataFolder(callWith(undefined), { environment, workingFolder })).toBe(
    join(workingFolder, 'there'),
  );
  expect(dataFolder(callWith(undefined), { environment: home, workingFolder })).toBe(
    '/home/ada/.local/share/sluice',
  );
  mkdirSync(join(workingFolder, '.sluice'));
  expect(dataFolder(callWith(undefined), { environment: home, workingFolder })).toBe(
    join(workingFolder, '.sluice'),
  );
});

test('the home follows XDG_DATA_HOME', () => {
  const environment = { HOME: '/home/ada', XDG_DATA_HOME: '/data' };
  expect(dataFolder(callWith(undefined), { environment, workingFolder })).toBe('/data/sluice');
});

test('an empty option is refused', () => {
  expect(() => dataFolder(callWith(''), { environment: {}, workingFolder })).toThrow(
    'names no folder',
  );
});

test('a hint repeats the folder as a shell reads it', () => {
  expect(repeatable(callWith(undefined), 'sluice x')).toBe('sluice x');
  expect(repeatable(callWith('/a/b'), 'sluice x')).toBe('sluice x --data /a/b');
  expect(repeatable(callWith("my 'data'"), 'sluice x')).toBe("sluice x --data 'my '\\''data'\\'''");
});
