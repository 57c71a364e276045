/** The command line as a process, on real data folders: what a shell, a script and a person see of it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionDocument } from '../api/contract/index.ts';

const main = new URL('main.ts', import.meta.url).pathname;
let folder = '';

const flows: Readonly<Record<string, string>> = {
  hello: `id: hello
namespace: demo
inputs:
  - id: name
    type: STRING
    defaults: Ada
  - id: count
    type: INT
    defaults: 2
tasks:
  - id: greet
    type: core.debug.Return
    format: "hello {{ inputs.name }}"
  - id: each
    type: core.flow.ForEach
    values: [1, 2]
    tasks:
      - id: line
        type: core.log.Log
        message: "{{ taskrun.value }} of {{ inputs.count }}"
outputs:
  - id: text
    type: STRING
    value: "{{ outputs.greet.value }}"
  - id: twice
    type: INT
    value: "{{ inputs.count * 2 }}"
`,
  broken: `id: broken
namespace: demo
tasks:
  - id: fail
    type: core.execution.Fail
    errorMessage: it broke
`,
  repeated: `id: repeated
namespace: demo
tasks:
  - id: seen
    type: core.kv.Get
    key: repeated
  - id: note
    type: core.kv.Set
    key: repeated
    value: once
  - id: fail
    type: core.execution.Fail
    condition: "{{ outputs.seen.value is null }}"
    retry:
      type: constant
      interval: PT0.01S
      maxAttempts: 2
      behavior: CREATE_NEW_EXECUTION
`,
  invalid: `id: invalid
namespace: demo
tasks:
  - id: log
    type: core.log.Lgo
    message: hello
`,
  gate: `id: gate
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - id: ok
        type: BOOLEAN
outputs:
  - id: ok
    type: BOOLEAN
    value: "{{ outputs.wait.onResume.ok }}"
`,
  slow: `id: slow
namespace: demo
tasks:
  - id: sleep
    type: core.flow.Sleep
    duration: PT60S
`,
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  for (const [id, text] of Object.entries(flows)) writeFileSync(join(folder, `${id}.yaml`), text);
  writeFileSync(join(folder, 'context.json'), '{"inputs": {"price": 240}}');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const environment = { ...process.env, SLUICE_DATA: '', NO_COLOR: '1' };

function sluice(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { code: status, out: stdout, err: stderr };
}

function json(...words: string[]) {
  const { code, out, err } = sluice(...words, '--data', 'data', '--output', 'json');
  expect(err).toBe('');
  return { code, document: JSON.parse(out) as ExecutionDocument & Record<string, unknown> };
}

describe('a run', () => {
  test('gives the whole execution as one JSON document', () => {
    const { code, document } = json('run', 'hello.yaml', '--input', 'count=21', '--label', 'a=b');
    expect(code).toBe(0);
    expect(document).toMatchObject({
      namespace: 'demo',
      flowId: 'hello',
      state: { current: 'SUCCESS' },
      inputs: { name: 'Ada', count: 21 },
      outputs: { text: 'hello Ada', twice: 42 },
    });
    expect(document.labels).toContainEqual({ key: 'a', value: 'b' });
    expect(document.state.histories.map(({ state }) => state)).toEqual([
      'CREATED',
      'RUNNING',
      'SUCCESS',
    ]);
    const runs = document.taskRunList.map((run) => [run.taskId, run.value, run.state.current]);
    expect(runs).toEqual([
      ['greet', undefined, 'SUCCESS'],
      ['each', undefined, 'SUCCESS'],
      ['line', '1', 'SUCCESS'],
      ['line', '2', 'SUCCESS'],
    ]);
    const [, each, line] = document.taskRunList;
    expect(line?.parentTaskRunId).toBe(each?.id);
  });

  test('is lines in a pipe, from standard input too', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, 'run', '-', '--data', 'data'],
      { cwd: folder, input: flows['hello'], encoding: 'utf8', env: environment },
    );
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[\d:.]+ {2}SUCCESS {4}each {2}\d/m);
    expect(stdout).toMatch(/^[\d:.]+ {2}INFO {3}line.* {2}1 of 2$/m);
    expect(stdout).toContain('  text   hello Ada\n');
  });

  test('that fails has exit code 1 and says why', () => {
    const { code, document } = json('run', 'broken.yaml');
    expect(code).toBe(1);
    expect(document.state.current).toBe('FAILED');
    expect(document.error?.message).toContain('it broke');
  });

  test('that was retried as another execution has the exit code of the last one', () => {
    const { code, document } = json('run', 'repeated.yaml');
    expect(document.state.current).toBe('RETRIED');
    expect(document.related?.map((one) => one.state.current)).toEqual(['SUCCESS']);
    expect(code).toBe(0);
  });

  test('of an invalid flow has exit code 2 and runs nothing', () => {
    const { code, document } = json('run', 'invalid.yaml');
    expect(code).toBe(2);
    expect(document['valid']).toBe(false);
    expect(document['errors']).toMatchObject([{ file: 'invalid.yaml', line: 5 }]);
    expect(sluice('execution', 'list', '--flow', 'invalid', '--data', 'data', '-q').out).toBe('');
  });

  test('with an input of the wrong type has exit code 2', () => {
    const { code, document } = json('run', 'hello.yaml', '--input', 'count=many');
    expect(code).toBe(2);
    expect(document['error']).toMatchObject({ code: 'input.invalid' });
  });

  test('is killed by Ctrl-C and still prints its document', async () => {
    const child = spawn(process.execPath, [main, 'run', 'slow.yaml', '--data', 'data'], {
      cwd: folder,
      env: environment,
    });
    let out = '';
    let isAsked = false;
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      out += chunk;
      if (!isAsked && out.includes('RUNNING    sleep')) {
        isAsked = true;
        child.kill('SIGINT');
      }
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(1);
    expect(out).toContain('■ KILLED  demo/slow');
  });
});

describe('a pause', () => {
  test('waits in the data folder until another process resumes it, once', () => {
    const paused = json('run', 'gate.yaml');
    expect(paused.code).toBe(3);
    const { id } = paused.document;
    const listed = sluice('execution', 'list', '--state', 'PAUSED', '--data', 'data');
    expect(listed.out).toContain(id);
    const refused = json('execution', 'resume', id);
    expect(refused.code).toBe(2);
    expect(refused.document['error']).toMatchObject({ code: 'input.invalid' });
    const resumed = json('execution', 'resume', id, '--input', 'ok=true');
    expect(resumed.code).toBe(0);
    expect(resumed.document.outputs).toEqual({ ok: true });
    const again = json('execution', 'resume', id, '--input', 'ok=true');
    expect(again.code).toBe(2);
    expect(again.document['error']).toMatchObject({ code: 'execution.wrong-state' });
    const shown = sluice('execution', 'show', id, '--data', 'data');
    expect(shown.out).toContain('✓ wait');
  });

  test('is answered in the same call with --then', () => {
    const act = '{"op":"resume","inputs":{"ok":false}}';
    const { code, document } = json('run', 'gate.yaml', '--then', act);
    expect(code).toBe(0);
    expect(document.outputs).toEqual({ ok: false });
    expect(document.steps?.map(({ state }) => state.current)).toEqual(['PAUSED']);
  });
});

describe('without a data folder', () => {
  test('flows are validated', () => {
    const { code, out, err } = sluice('validate', '.');
    expect(code).toBe(2);
    expect(err).toBe('6 files: 1 error\n');
    expect(out).toMatch(/^invalid\.yaml:5:\d+ {2}error {2}/);
    expect(out).toContain('  5 |     type: core.log.Lgo\n');
    expect(sluice('validate', 'hello.yaml').code).toBe(0);
  });

  test('templates are rendered', () => {
    const words = ['render', '--context', 'context.json', '{{ inputs.price * 9 / 10 }}'];
    expect(sluice(...words).out).toBe('216\n');
    expect(sluice(...words, '--typed').out).toBe('216\n');
    const wrong = sluice('render', 'a {{ nothing }}');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/1:\d+/);
  });

  test('task types are explained', () => {
    expect(sluice('task', 'docs', 'core.log.Log').out).toContain('message *');
    expect(sluice('task', 'docs', 'core.log.Lgo').err).toContain('did you mean `core.log.Log`?');
  });

  test('wrong usage has exit code 2', () => {
    const { code, out, err } = sluice('rnu', 'hello.yaml');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('did you mean `run`?');
    expect(JSON.parse(sluice('rnu', '-o', 'json').out)).toMatchObject({
      error: { code: 'cli.usage-wrong' },
    });
  });

  test('a reader who has seen enough ends nothing', () => {
    const piped = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${main}" task list | head -n 1; echo "\${PIPESTATUS[0]}"`],
      { encoding: 'utf8', env: environment },
    );
    expect(piped.stderr).toBe('');
    expect(piped.stdout).toMatch(/^TYPE .*\n0\n$/);
  });
});

test('the example tells its story in a pipe', () => {
  const { code, out } = sluice('example', '--data', 'data');
  expect(code).toBe(0);
  expect(out).toContain('Walnut desk now costs 216');
  expect(out).toContain('3. A person agrees, and it goes on');
});
