/** `sluice test` and `sluice flow test`: exit codes, what is printed, JUnit, evidence. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { callCommandLine } from '../support/call-command-line.ts';

const flow = `id: greet
namespace: demo
inputs: [{id: name, type: STRING, defaults: you}]
tasks:
  - {id: hello, type: core.debug.Return, format: 'hello {{ inputs.name }}'}
  - {id: send, type: core.http.Request, method: POST, uri: 'https://example.invalid'}
`;
const suite = (cases: string) =>
  `id: greetings\nnamespace: demo\nflowId: greet\ntestCases:\n${cases}`;
const green = `  - id: greets
    fixtures: {tasks: [{id: send}]}
    assertions: [{value: '{{ outputs.hello.value }}', equalTo: hello you}]
`;
const red = `  - id: differs
    description: greets others
    fixtures: {tasks: [{id: send}]}
    assertions: [{value: '{{ outputs.hello.value }}', equalTo: '<hello> & "you"'}]
  - {id: off, disabled: true, assertions: [{value: 1, equalTo: 1}]}
`;

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

let sluice: ReturnType<typeof callCommandLine>;
beforeAll(() => {
  sluice = callCommandLine(join(tmpdir(), 'sluice-no-such-folder'));
});

test('the example suites are green', async () => {
  const examples = join(import.meta.dirname, '../../docs/examples');
  const { code, out, err } = await sluice('test', examples);
  expect([code, out, err]).toEqual([0, '', expect.stringMatching(/^\d+ of \d+ cases passed\n$/)]);
});

test('a folder is searched, what fails is shown with its place, and the exit code says so', async () => {
  const folder = await folderWith({
    'flows/greet.yaml': flow,
    'flows/deep/greet.test.yaml': suite(green + red),
    'flows/broken.yaml': 'id: broken\nnamespace: demo\ntasks: [{id: a, type: no.such.Type}]\n',
    'flows/rules.tests.yaml': 'cases: []\n',
    'flows/.hidden/other.test.yaml': 'id: [',
  });
  const { code, out, err } = await sluice('test', folder, '--junit', join(folder, 'results.xml'));
  expect(code).toBe(1);
  const file = join(folder, 'flows/deep/greet.test.yaml');
  expect(out).toMatch(/^✗ greetings\/differs {2}greets others {2}\d+ ms\n/);
  expect(out).toContain(
    `    ${file}:11\n      equalTo\n      expected: <hello> & "you"\n      got:      hello you\n`,
  );
  expect(err).toBe('1 of 2 cases passed, 1 skipped\n');
  const xml = await readFile(join(folder, 'results.xml'), 'utf8');
  expect(xml).toContain('<testsuites tests="3" failures="1" errors="0" skipped="1">');
  expect(xml).toContain('expected: &lt;hello&gt; &amp; &quot;you&quot;');
  expect(xml).toContain('<skipped/>');
});

test('what is printed for programs is one document', async () => {
  const folder = await folderWith({ 'greet.yaml': flow, 'greet.test.yaml': suite(green + red) });
  const { code, out, err } = await sluice('test', folder, '--output', 'json');
  expect([code, err]).toEqual([1, '']);
  expect(JSON.parse(out)).toMatchObject({
    passed: 1,
    failed: 1,
    skipped: 1,
    suites: [
      {
        id: 'greetings',
        state: 'FAILED',
        file: join(folder, 'greet.test.yaml'),
        cases: [
          { id: 'greets', state: 'SUCCESS', executionState: 'SUCCESS' },
          { id: 'differs', state: 'FAILED', checks: [{ operator: 'equalTo', isSuccess: false }] },
          { id: 'off', state: 'SKIPPED' },
        ],
      },
    ],
  });
});

test('`--filter` chooses cases, and one that means none is wrong usage', async () => {
  const folder = await folderWith({ 'greet.yaml': flow, 'greet.test.yaml': suite(green + red) });
  expect((await sluice('test', folder, '--filter', 'greetings/greets')).code).toBe(0);
  const none = await sluice('test', folder, '--filter', 'nothing');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('no case is meant')]);
});

test('errors of suites and of the flow they test end with 2 and the place', async () => {
  const folder = await folderWith({
    'greet.yaml': flow.replace('core.debug.Return', 'core.debug.Retrun'),
    'greet.test.yaml': suite(green),
  });
  const ofFlow = await sluice('test', folder);
  expect(ofFlow.code).toBe(2);
  expect(ofFlow.err).toContain('greet.yaml:5:');
  expect(ofFlow.err).toContain('flow.type-unknown');
  const wrong = await folderWith({
    'greet.yaml': flow,
    'greet.test.yaml': suite(green.replace('id: send', 'id: sent')),
  });
  const ofSuite = await sluice('test', wrong, '-o', 'json');
  expect(ofSuite.code).toBe(2);
  expect(JSON.parse(ofSuite.out)).toMatchObject({
    valid: false,
    errors: [{ code: 'test.task-unknown', line: 6, help: 'did you mean `send`?' }],
  });
  const nothing = await sluice('test', await folderWith({ 'a.yaml': flow }));
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('no suite of tests')]);
});

test('nothing acts outside unless that is said, and nothing is left behind', async () => {
  const folder = await folderWith({
    'greet.yaml': flow,
    'greet.test.yaml': suite(
      "  - {id: acts, assertions: [{value: '{{ tasks.send.state }}', equalTo: FAILED}]}\n",
    ),
  });
  const refused = await sluice('test', folder);
  expect([refused.code, refused.out]).toEqual([
    1,
    expect.stringContaining('`send` (core.http.Request) would act outside: give it a fixture'),
  ]);
  expect((await sluice('test', folder, '--allow-effects')).code).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual(['greet.test.yaml', 'greet.yaml']);
});

test('two files with the tested flow are not guessed between', async () => {
  const folder = await folderWith({
    'greet.yaml': flow,
    'copy/greet.yaml': flow.replace('hello {{', 'bye {{'),
    'greet.test.yaml': suite(green),
  });
  const { code, err } = await sluice('test', folder);
  expect([code, err]).toEqual([2, expect.stringContaining('the flow `demo/greet` stands in')]);
  expect((await sluice('test', folder, '--flow', join(folder, 'greet.yaml'))).code).toBe(0);
});

test('`flow test` keeps the result as evidence of the newest revision', async () => {
  const folder = await folderWith({ 'greet.yaml': flow, 'greet.test.yaml': suite(green) });
  const own = callCommandLine(join(folder, 'data'));
  await own('flow', 'save', join(folder, 'greet.yaml'));
  const before = await own('flow', 'test', 'demo/greet');
  expect([before.code, before.err]).toEqual([
    2,
    expect.stringContaining('no enabled suite of tests is kept with `demo/greet`'),
  ]);
  const file = join(folder, 'greet.test.yaml');
  const saved = await own('flow', 'test', 'demo/greet', file, '--save');
  expect([saved.code, saved.out]).toEqual([0, 'tested: 1 case passed on revision 1\n']);
  const kept = await own('flow', 'test', 'demo/greet', '-o', 'json');
  expect(JSON.parse(kept.out)).toMatchObject({
    revision: 1,
    standing: { passed: true },
    passed: 1,
  });
  const card = await own('flow', 'register', 'show', 'demo/greet');
  expect(card.out).toContain('testsPassed: 1 case passed on revision 1');
  const ledger = await own('ledger', 'search', '--type', 'flow-tested', '-o', 'json');
  expect(JSON.parse(ledger.out)).toHaveLength(2);
});

test('pairs and namespace files are given beside the flows', async () => {
  const reading = `id: greet
namespace: demo
tasks:
  - {id: file, type: core.debug.Return, format: "{{ read(fileURI('deep/words.txt')) }}"}
  - {id: pair, type: core.debug.Return, format: "{{ kv('word') }}"}
`;
  const folder = await folderWith({
    'greet.yaml': reading,
    'files/deep/words.txt': 'from a file',
    'pairs.json': '{"demo": {"word": "from a pair"}}',
    'greet.test.yaml': suite(`  - id: reads
    assertions:
      - {value: '{{ outputs.file.value }}', equalTo: from a file}
      - {value: '{{ outputs.pair.value }}', equalTo: from a pair}
`),
  });
  const given = ['--kv', join(folder, 'pairs.json'), '--files', join(folder, 'files')];
  const { code, out, err } = await sluice('test', folder, ...given);
  expect([code, out, err]).toEqual([0, '', '1 of 1 case passed\n']);
});
