/** Policies from the command line: check, test, ask, propose, review, replay, put in force; and the guide’s own example. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openEngine, root, setOf } from '../support/policy-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));
const main = join(root, 'src/cli/main.ts');
const pack = join(folder, 'pack');
cpSync(join(root, 'policies/default'), pack, { recursive: true });

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sluice(...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, SLUICE_DATA: join(folder, 'data') } };
    const all = [main, ...words, '--data', join(folder, 'data')];
    execFile(process.execPath, all, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

test('policies are checked and tested without a data folder', { timeout: 30_000 }, async () => {
  const [checked, tested] = await Promise.all([
    sluice('policy', 'validate', pack),
    sluice('policy', 'test', pack),
  ]);
  expect([checked.code, tested.code]).toEqual([0, 0]);
  expect(checked.err).toMatch(/^\d+ policies: no problems\n$/);
  expect(tested.err).toMatch(/^(\d+) of \1 cases passed\n$/);
});

test('a wrong policy is shown with its line, a failing case with its title', {
  timeout: 30_000,
}, async () => {
  const wrong = join(folder, 'wrong');
  cpSync(pack, wrong, { recursive: true });
  writeFileSync(
    join(wrong, 'more.cedar'),
    '\n@id("x") permit (principal, action == Action::"fly", resource);\n',
  );
  const { code, out } = await sluice('policy', 'validate', wrong);
  expect(code).toBe(2);
  expect(out).toContain('more.cedar:2:');
  expect(out).toContain('unrecognized action');
  rmSync(join(wrong, 'more.cedar'));
  writeFileSync(
    join(wrong, 'more.tests.yaml'),
    'cases:\n  - { title: anybody may, action: execute, expect: allow }\n',
  );
  const tested = await sluice('policy', 'test', wrong);
  expect(tested.code).toBe(1);
  expect(tested.out).toContain('more.tests.yaml:2  anybody may');
});

test('policies go into force and answer', { timeout: 60_000 }, async () => {
  const none = await sluice('policy', 'list');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('no policies are in force')]);
  const proposed = await sluice('policy', 'propose', pack, '--reason', 'first', '-o', 'json');
  expect(proposed.code).toBe(0);
  const { version } = JSON.parse(proposed.out) as { version: string };
  expect((await sluice('policy', 'activate', version.slice(0, 8))).code).toBe(0);
  const context = join(folder, 'context.yaml');
  writeFileSync(context, 'facts: { stage: deployment, riskTier: limited, amount: 60000 }\n');
  const question = ['--principal', 'user:ada', '--action', 'run:core.http.Request'];
  const about = ['--resource', 'Task:shop/refund#pay', '--context', context];
  const explain = (...roles: readonly string[]) =>
    sluice(
      'policy',
      'explain',
      ...question,
      ...about,
      ...roles.flatMap((role) => ['--role', role]),
    );
  const held = await explain('operator@shop');
  expect(held.code).toBe(1);
  expect(held.out).toMatch(/^not yet\n/);
  expect(held.out).toContain('2 approvals of different people');
  expect((await explain('operator@payroll')).out).toMatch(/^no\n {2}no policy permits it/);
  expect(JSON.parse((await sluice('policy', 'list', '-o', 'json')).out)).not.toHaveLength(0);
});

test('what the guide shows is valid', async () => {
  const guide = readFileSync(join(root, 'docs/guide/policies.md'), 'utf8');
  const fences = [...guide.matchAll(/```cedar\n([^`]*)```/g)].map(([, text = '']) => text);
  expect(fences.length).toBeGreaterThan(0);
  const engine = openEngine();
  for (const text of fences) {
    expect((await engine.read(setOf(text))).diagnostics).toEqual([]);
    expect(await engine.format(text)).toBe(text);
  }
});
