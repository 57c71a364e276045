/**
 * The governance diff: of files and of saved revisions, as policy decides, and as the ready pipeline file
 * calls it. The steps of that file are taken out of it and run in a repository with two commits.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { ScriptedApplication } from '../../src/cli/test-support/scripted-application.ts';
import { ScriptedSurroundings } from '../../src/cli/test-support/scripted-surroundings.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { root } from '../support/policy-world.ts';
import { createFlowWorld } from '../support/run-flow.ts';

const run = promisify(execFile);

const mail =
  '{id: mail, type: email.MailSend, from: a@shop.test, to: b@shop.test, host: mail.shop.test, subject: s}';
const crm =
  '{id: crm, type: core.http.Request, method: POST, uri: "https://crm.example/api/people"}';
const gate = '{id: gate, type: core.flow.Pause}';
const care = (tasks: string, governance = '{owner: care}') =>
  `id: care\nnamespace: shop\ngovernance: ${governance}\ntasks: [${tasks}]\n`;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

async function diff(before: string, after: string, ...options: readonly string[]) {
  const place = folder();
  const [old, next] = [join(place, 'old.yaml'), join(place, 'new.yaml')];
  writeFileSync(old, before);
  writeFileSync(next, after);
  const world = new ScriptedSurroundings(new ScriptedApplication({}));
  world.workingFolder = place;
  world.catalogue = readTypeCatalogue();
  const data = join(place, 'data');
  const words = ['flow', 'diff', old, next, ...options, '--data', data];
  const code = await runCommandLine(words, commands, world);
  // Comparing files makes no data folder.
  expect(existsSync(data)).toBe(false);
  return { code, out: world.out.text, err: world.err.text };
}

const pack = join(root, 'policies/default');
const personal = '{owner: care, data: {classes: [personal.email]}}';

test('a call of the CRM tells all facts, and ends as policy says', async () => {
  const before = care(`${gate}, ${mail}`);
  const after = care(`${mail}, ${crm}`, personal);
  const told = await diff(before, after, '--governance', '--policies', pack, '-o', 'json');
  expect(told.code).toBe(1);
  const facts = JSON.parse(told.out) as { changes: object[]; duties: string[] };
  expect(facts).toMatchObject({
    flow: 'shop/care',
    before: { tier: 'limited' },
    after: { tier: 'high', recipients: ['b@shop.test', 'crm.example', 'mail.shop.test'] },
    verdict: 'deny',
    by: 'policies',
    needsReview: true,
  });
  expect(facts.changes).toEqual(
    expect.arrayContaining([
      { what: 'tier', change: 'raised', name: 'limited to high', isWorse: true },
      { what: 'data-class', change: 'added', name: 'personal.email', isWorse: true },
      { what: 'recipient', change: 'added', name: 'crm.example', isWorse: true },
      { what: 'gate', change: 'lost', name: 'shop/care#crm: mail > crm', isWorse: true },
      { what: 'task-type', change: 'added', name: 'core.http.Request', isWorse: false },
    ]),
  );
  expect(facts.duties.map((one) => one.split(':')[0])).toEqual([
    'stages.live-gate',
    'tiers.high-goes-live',
  ]);
});

test('policy decides how it ends: yes, no, or when people agree; without policies nothing riskier [G-223]', async () => {
  const gated = care(`${gate}, ${mail}`);
  const asked = ['--governance', '--policies', pack];
  const renamed = gated.replace('id: mail,', 'id: thanks,');
  expect((await diff(gated, renamed, ...asked)).code).toBe(0);
  const more = await diff(gated, care(`${gate}, ${mail}, ${crm}`), ...asked);
  expect([more.code, more.out]).toEqual([3, expect.stringContaining('needs people')]);
  expect((await diff(gated, care(`${gate}, ${mail}, ${crm}`), '--governance')).code).toBe(1);
  expect((await diff(gated, care(`${gate}, ${mail}, ${crm}`))).code).toBe(0);
  const fresh = await diff('', gated, '-o', 'json');
  expect(JSON.parse(fresh.out)).toMatchObject({ before: { effects: [] }, by: 'fixed-rule' });
  const other = await diff(gated, gated.replace('id: care', 'id: cure'));
  expect([other.code, other.err]).toEqual([2, expect.stringContaining('different flows')]);
});

test('saved revisions are compared, with the evidence that the register lacks', async () => {
  const world = await createFlowWorld();
  await world.save(care(`${gate}, ${mail}`));
  await world.save(care(`${gate}, ${mail}, ${crm}`));
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const saved = ['flow', 'diff', '-n', 'shop', '--id', 'care'];
  const told = await sluice(...saved, '--from', '1', '--to', '2', '--governance', '-o', 'json');
  expect(told.code).toBe(1);
  expect(JSON.parse(told.out)).toMatchObject({
    changes: [
      { what: 'recipient', name: 'crm.example' },
      { what: 'task-type', name: 'core.http.Request' },
    ],
    by: 'fixed-rule',
    missingEvidence: ['no tests were run on revision 2'],
  });
  expect((await sluice(...saved, '--from', '2', '--to', '1')).code).toBe(2);
  expect((await sluice(...saved, '--from', '7')).err).toContain('there is no flow');
});

test('what a flow says of itself is only text in a comment', async () => {
  const told = await diff(
    care(mail),
    care(mail, '{owner: care, data: {classes: ["<img src=x>`[a](b)"]}}'),
    '-o',
    'markdown',
  );
  expect(told.out).toContain('&lt;img src=x&gt;\\`\\[a\\]\\(b\\)');
  expect(told.out).not.toContain('<img');
});

interface Workflow {
  readonly jobs: { readonly diff: { readonly steps: readonly { name?: string; run?: string }[] } };
}

const workflow = parse(
  readFileSync(join(root, 'docs/examples/github/governance-diff.yml'), 'utf8'),
) as Workflow;

/** Writes a program into `place` that does what `script` says. */
function program(place: string, name: string, script: string): void {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(place, name), 0o755);
}

/** Runs a step of the pipeline file as its runner does; gives the exit code. */
async function step(
  name: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const found = workflow.jobs.diff.steps.find((one) => one.name === name);
  if (found?.run === undefined) throw new Error(`there is no step ${name}`);
  const env = { ...process.env, ...environment };
  try {
    await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', found.run], { cwd, env });
    return 0;
  } catch (error) {
    return Number((error as { code?: number }).code);
  }
}

test('the pipeline file works: its steps run in a repository with two commits', async () => {
  const place = folder();
  const repository = join(place, 'repository');
  const programs = join(place, 'programs');
  mkdirSync(join(repository, 'flows'), { recursive: true });
  // What the registry installs is this tree; the comment is kept instead of sent.
  program(
    programs,
    'npx',
    `shift; exec "${process.execPath}" "${join(root, 'src/cli/main.ts')}" "$@"`,
  );
  program(programs, 'gh', `printf '%s\\n' "$*" > "${join(place, 'sent.txt')}"`);
  const git = (...words: readonly string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@shop.test', ...words], {
      cwd: repository,
    });
  const write = (name: string, text: string): void =>
    writeFileSync(join(repository, 'flows', name), text);
  const environment = (base: string) => ({
    PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    BASE: base,
    GITHUB_STEP_SUMMARY: join(place, 'summary.md'),
    SLUICE_DATA: join(place, 'data'),
  });
  await git('init', '-q');
  write('care.yaml', care(`${gate}, ${mail}`));
  cpSync(pack, join(repository, 'policies'), { recursive: true });
  await git('add', '-A');
  await git('commit', '-qm', 'one');
  const base = (await git('rev-parse', 'HEAD')).stdout.trim();

  expect(await step('Compare the flows', repository, environment(base))).toBe(0);
  expect(readFileSync(join(repository, 'governance.md'), 'utf8')).toBe('No flow changes.\n');

  write('care.yaml', care(`${mail}, ${crm}`, personal));
  write('new one.yaml', care(`${gate}, ${mail}`).replace('id: care', 'id: fresh'));
  await git('add', '-A');
  await git('commit', '-qm', 'two');
  expect(await step('Compare the flows', repository, environment(base))).toBe(1);
  const summary = readFileSync(join(place, 'summary.md'), 'utf8');
  expect(summary).toContain('### shop/care: refused');
  expect(summary).toContain('### shop/fresh: needs people');
  expect(summary).toContain('- gate lost: shop/care\\#crm: mail &gt; crm');
  expect(await step('Comment', repository, { ...environment(base), PULL: '7' })).toBe(0);
  expect(readFileSync(join(place, 'sent.txt'), 'utf8')).toBe(
    'pr comment 7 --edit-last --create-if-none --body-file governance.md\n',
  );
});
