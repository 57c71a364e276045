/** Commands from words to exit code, against an application that follows a script. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExecutionDocument } from '../api/contract/index.ts';
import { Failure } from '../core/failure/index.ts';
import { Double } from '../core/value/index.ts';
import { commands } from './commands/index.ts';
import { runCommandLine } from './run-command-line.ts';
import { ScriptedApplication, type Script } from './test-support/scripted-application.ts';
import { ScriptedSurroundings } from './test-support/scripted-surroundings.ts';

const script: Script = {
  hello: [
    {
      runs: [{ taskId: 'greet', states: ['CREATED', 'RUNNING', 'SUCCESS'], log: 'hello Ada' }],
      state: 'SUCCESS',
      outputs: { total: 3, text: 'a "b"' },
    },
  ],
  warned: [{ runs: [], state: 'WARNING' }],
  broken: [
    { runs: [{ taskId: 'b', states: ['RUNNING', 'FAILED'] }], state: 'FAILED', error: 'it broke' },
    { runs: [{ taskId: 'b', states: ['RUNNING', 'SUCCESS'] }], state: 'SUCCESS' },
  ],
  gate: [
    { runs: [{ taskId: 'wait', states: ['RUNNING', 'PAUSED'] }], state: 'PAUSED' },
    { runs: [{ taskId: 'wait', states: ['SUCCESS'] }], state: 'SUCCESS', outputs: { ok: true } },
  ],
  endless: [{ runs: [{ taskId: 'a', states: ['RUNNING'] }], state: '', isEndless: true }],
  cancelled: [{ runs: [], state: 'CANCELLED' }],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  for (const id of [...Object.keys(script), 'unknown']) {
    writeFileSync(join(folder, `${id}.yaml`), `id: ${id}\nnamespace: demo\ntasks: []\n`);
  }
  writeFileSync(join(folder, 'nameless.yaml'), 'namespace: demo\n');
  writeFileSync(join(folder, 'idless.yaml'), 'tasks: []\n');
  writeFileSync(join(folder, 'inputs.json'), '{"a": 1, "b": 2.0}');
  writeFileSync(join(folder, 'list.json'), '[1]');
  writeFileSync(join(folder, 'kv.json'), '{"demo": {"rate": 0.5, "whole": 2.0}}');
  writeFileSync(join(folder, 'bad-kv.json'), '{"demo": 1}');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function sluice(words: readonly string[], prepare?: (world: ScriptedSurroundings) => void) {
  const application = new ScriptedApplication(script);
  const world = new ScriptedSurroundings(application);
  world.workingFolder = folder;
  prepare?.(world);
  const code = await runCommandLine(words, commands, world);
  return { code, out: world.out.text, err: world.err.text, application, world };
}

async function document(words: readonly string[]) {
  const result = await sluice([...words, '--output', 'json']);
  return { ...result, json: JSON.parse(result.out) as ExecutionDocument & Record<string, unknown> };
}

describe('run', () => {
  test('prints each change on a line, then how it ended and its outputs', async () => {
    const { code, out, err, application } = await sluice(['run', 'hello.yaml']);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      '03:04:05.500  RUNNING    demo/hello e1',
      '03:04:05.750  CREATED    greet',
      '03:04:06.000  RUNNING    greet',
      '03:04:06.000  INFO   greet  hello Ada',
      '03:04:06.250  SUCCESS    greet  500 ms',
      '03:04:06.500  SUCCESS    demo/hello e1  1.0 s',
      '',
      '✓ SUCCESS  demo/hello  e1  1.3 s',
      'outputs',
      '  total  3',
      '  text   a "b"',
      '',
    ]);
    expect(err).toBe('');
    expect(application.isClosed).toBe(true);
  });

  test('prints one JSON document and nothing else', async () => {
    const { code, json, err } = await document(['run', 'hello.yaml']);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(json.state.current).toBe('SUCCESS');
    expect(json.state.histories.map(({ state }) => state)).toEqual([
      'CREATED',
      'RUNNING',
      'SUCCESS',
    ]);
    expect(json.outputs).toEqual({ total: 3, text: 'a "b"' });
    expect(json.taskRunList[0]).toMatchObject({ taskId: 'greet', state: { current: 'SUCCESS' } });
    expect(Object.hasOwn(json, 'steps')).toBe(false);
  });

  test.each([
    ['hello', 0],
    ['warned', 0],
    ['broken', 1],
    ['cancelled', 1],
    ['gate', 3],
  ])('of a flow that ends like `%s` has exit code %i', async (id, expected) => {
    expect((await sluice(['run', `${id}.yaml`, '--quiet'])).code).toBe(expected);
  });

  test('gives inputs as text, a file of inputs typed, and labels', async () => {
    const { application, json } = await document([
      'run',
      'hello.yaml',
      '--inputs',
      'inputs.json',
      '--input',
      'a=x=y',
      '--label',
      'team=shop',
    ]);
    expect(application.calls).toContain('start demo/hello {"a":"x=y","b":2}');
    expect(json.labels).toEqual([{ key: 'team', value: 'shop' }]);
  });

  test('reads the flow from standard input', async () => {
    const { code, application } = await sluice(['run', '-', '-q'], (world) => {
      world.input = 'id: hello\nnamespace: piped\n';
    });
    expect(code).toBe(0);
    expect(application.calls).toContain('start piped/hello {}');
  });

  test('saves other flows first', async () => {
    const { application } = await sluice(['run', 'hello.yaml', '--with', 'gate.yaml', '-q']);
    expect(application.calls.slice(0, 2)).toEqual(['save demo/gate', 'save demo/hello']);
  });

  test('sets pairs before it starts', async () => {
    const { application } = await sluice(['run', 'hello.yaml', '--kv', 'kv.json', '-q']);
    expect(application.pairs.get('demo/rate')).toBe(0.5);
    expect(application.pairs.get('demo/whole')).toEqual(new Double(2));
    const order = application.calls.map((call) => call.split(' ')[0]);
    expect(order).toEqual(['save', 'set', 'set', 'start']);
  });

  test('says how to go on when it pauses', async () => {
    const { err } = await sluice(['run', 'gate.yaml', '--data', 'my data']);
    expect(err).toBe("paused; to go on: sluice execution resume e1 --data 'my data'\n");
    expect((await document(['run', 'gate.yaml'])).err).toBe('');
  });

  test('names what is wrong with every file, in text with the line', async () => {
    const { code, err, out, application } = await sluice([
      'run',
      'nameless.yaml',
      '--with',
      'idless.yaml',
    ]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('nameless.yaml:1:1  error  property `id` is missing');
    expect(err).toContain('  1 | namespace: demo\n    | ^');
    expect(err).toContain('idless.yaml:1:1');
    expect(application.calls).toEqual([]);
  });

  test('prints the diagnostics as the document with JSON', async () => {
    const { code, json } = await document(['run', 'nameless.yaml']);
    expect(code).toBe(2);
    expect(json).toEqual({
      valid: false,
      errors: [
        {
          file: 'nameless.yaml',
          line: 1,
          column: 1,
          path: '',
          code: 'flow.property-missing',
          message: 'property `id` is missing',
          help: 'add it',
        },
      ],
      warnings: [],
    });
  });

  test.each([
    [['run', 'absent.yaml'], 'cannot read `absent.yaml`: there is no such file'],
    [['run', 'hello.yaml', '--input', 'novalue'], '`--input novalue` is not of the form'],
    [['run', 'hello.yaml', '--inputs', 'list.json'], '`--inputs list.json` holds no JSON object'],
    [['run', 'hello.yaml', '--kv', 'bad-kv.json'], 'holds no pairs for namespace `demo`'],
    [['run', 'hello.yaml', '--then', '{"op":"jump"}'], '`--then` has no `op` `jump`'],
    [['run', 'hello.yaml', '--with', 'hello.yaml'], '`hello.yaml` is given twice'],
  ])('refuses %j before anything is opened', async (words, message) => {
    const { code, json, world, err } = await document(words);
    expect(code).toBe(2);
    expect(json['error']).toMatchObject({ code: 'cli.usage-wrong' });
    expect((json['error'] as { message: string }).message).toContain(message);
    expect(err).toBe('');
    expect(world.openedFolder).toBe(undefined);
    const text = await sluice(words);
    expect(text.err).toMatch(/^error: /);
    expect(text.err).toContain(message);
    expect(text.err).toContain('\n  help: ');
  });

  test('reports a failure of the start with its exit code', async () => {
    const { code, json, application } = await document(['run', 'unknown.yaml']);
    expect(code).toBe(2);
    expect(json['error']).toMatchObject({
      code: 'flow.not-found',
      help: 'list the flows with `sluice flow list`',
    });
    expect(application.isClosed).toBe(true);
  });
});

describe('run --then', () => {
  test('acts once the execution rests and keeps the documents before', async () => {
    const { code, json, application } = await document([
      'run',
      'gate.yaml',
      '--then',
      '{"op":"resume","inputs":{"ok":true}}',
      '--then',
      '{"op":"replay","taskId":"wait"}',
      '--then',
      '{"op":"kill"}',
      '--then',
      '{"op":"run","flowId":"broken","inputs":{"n":1}}',
      '--then',
      '{"op":"restart","revision":2}',
    ]);
    expect(code).toBe(0);
    expect(application.calls).toEqual([
      'save demo/gate',
      'start demo/gate {}',
      'resume e1 {"ok":true}',
      'replay e1 {"taskId":"wait"}',
      'start demo/gate {}',
      'kill e2',
      'start demo/broken {"n":1}',
      'restart e3 {"revision":2}',
    ]);
    expect(json.id).toBe('e3');
    expect(json.steps?.map(({ id, state }) => `${id} ${state.current}`)).toEqual([
      'e1 PAUSED',
      'e1 SUCCESS',
      'e2 PAUSED',
      'e2 KILLED',
      'e3 FAILED',
    ]);
  });

  test('stops with the failure when an act is refused', async () => {
    const { code, json } = await document(['run', 'hello.yaml', '--then', '{"op":"resume"}']);
    expect(code).toBe(2);
    expect(json['error']).toMatchObject({ code: 'execution.wrong-state' });
  });

  test('lists the steps in text', async () => {
    const { out } = await sluice(['run', 'gate.yaml', '-q', '--then', '{"op":"resume"}']);
    expect(out.split('\n').slice(0, 2)).toEqual([
      '‖ PAUSED  demo/gate  e1  1.0 s',
      '✓ SUCCESS  demo/gate  e1  1.8 s',
    ]);
  });
});

describe('Ctrl-C', () => {
  test('kills what runs, waits for its end and leaves out further acts', async () => {
    const running = sluice(['run', 'endless.yaml', '--then', '{"op":"restart"}'], (world) => {
      const timer = setInterval(() => {
        if (world.interrupts.size === 0) return;
        clearInterval(timer);
        world.interrupt();
      }, 1);
    });
    const { code, out, application, world } = await running;
    expect(code).toBe(1);
    expect(out).toContain('KILLED     demo/endless e1');
    expect(application.calls.filter((call) => /^(kill|restart)/.test(call))).toEqual(['kill e1']);
    expect(world.interrupts.size).toBe(0);
  });

  test('that cannot be obeyed ends the command with the reason', async () => {
    const application = new ScriptedApplication(script);
    application.kill = () => Promise.reject(new Failure('store.unreachable', 'the disk is full'));
    const world = new ScriptedSurroundings(application);
    world.workingFolder = folder;
    const running = runCommandLine(['run', 'endless.yaml', '-q'], commands, world);
    await vi.waitFor(() => {
      expect(world.interrupts.size).toBe(1);
    });
    world.interrupt();
    expect(await running).toBe(1);
    expect(world.err.text).toContain('error: the disk is full');
  });
});

describe('executions', () => {
  test('resuming what is not paused is refused', async () => {
    const application = new ScriptedApplication(script);
    const id = await application.start({ namespace: 'demo', flowId: 'gate', inputs: {} });
    const again = async (output: string) => {
      const world = new ScriptedSurroundings(application);
      const words = ['execution', 'resume', id, '--input', 'ok=true', '-o', output];
      const code = await runCommandLine(words, commands, world);
      return { code, out: world.out.text, err: world.err.text };
    };
    const first = await again('json');
    expect(first.code).toBe(0);
    expect((JSON.parse(first.out) as ExecutionDocument).outputs).toEqual({ ok: true });
    expect(application.calls.at(-1)).toBe('resume e1 {"ok":"true"}');
    const second = await again('json');
    expect(second.code).toBe(2);
    expect(JSON.parse(second.out)).toMatchObject({ error: { code: 'execution.wrong-state' } });
    expect((await again('table')).err).toContain('error: execution `e1` is SUCCESS, not PAUSED');
  });

  test('restart and replay print and exit as run does', async () => {
    const application = new ScriptedApplication(script);
    await application.start({ namespace: 'demo', flowId: 'broken', inputs: {} });
    const world = new ScriptedSurroundings(application);
    expect(await runCommandLine(['execution', 'restart', 'e1', '-q'], commands, world)).toBe(0);
    const words = ['execution', 'replay', 'e1', '--task', 'b', '-i', 'n=1', '-q'];
    expect(await runCommandLine(words, commands, world)).toBe(1);
    expect(application.calls).toContain('replay e1 {"taskId":"b","inputs":{"n":"1"}}');
    expect(world.out.text).toContain('✗ FAILED  demo/broken  e2');
    expect(world.out.text).toContain('error  it broke');
  });

  test('are listed, shown and killed', async () => {
    const application = new ScriptedApplication(script);
    await application.start({ namespace: 'demo', flowId: 'gate', inputs: { a: 'x' } });
    await application.start({ namespace: 'demo', flowId: 'hello', inputs: {} });
    const run = async (...words: string[]) => {
      const world = new ScriptedSurroundings(application);
      const code = await runCommandLine(['execution', ...words], commands, world);
      return { code, out: world.out.text, err: world.err.text };
    };
    expect((await run('list')).out.split('\n')).toEqual([
      'ID  STATE      FLOW        CREATED              DURATION',
      'e2  ✓ SUCCESS  demo/hello  2026-01-02T03:04:05  1.5 s',
      'e1  ‖ PAUSED   demo/gate   2026-01-02T03:04:05  1.5 s',
      '',
    ]);
    const listed = JSON.parse((await run('list', '--state', 'paused', '-o', 'json')).out) as {
      id: string;
    }[];
    expect(listed.map(({ id }) => id)).toEqual(['e1']);
    expect((await run('list', '--state', 'FAILED')).err).toBe('there are no such executions\n');
    expect((await run('list', '--limit', '0')).code).toBe(2);
    const shown = (await run('show', 'e1')).out;
    expect(shown).toContain('flow     demo/gate, revision 1');
    expect(shown).toContain('‖ demo/gate  e1  PAUSED');
    expect(shown).toContain('└─ ‖ wait');
    expect((await run('show', 'nope')).code).toBe(2);
    expect(await run('kill', 'e1')).toMatchObject({ code: 0, out: 'KILLED  e1\n' });
    expect((await run('kill', 'e1')).code).toBe(2);
    const logs = await run('logs', 'e2', '--level', 'WARN', '--task', 'greet');
    expect(logs.out).toBe('03:04:05.000  INFO   greet  hello\n    world\n');
    expect(application.calls.at(-1)).toBe(
      'logs {"executionId":"e2","taskIds":["greet"],"levels":["WARN","ERROR"]}',
    );
    expect((await run('logs', 'nope')).code).toBe(2);
  });
});

describe('pairs and files', () => {
  test('a pair is set by the type it shows or is forced to, read and deleted', async () => {
    const application = new ScriptedApplication(script);
    const run = async (...words: string[]) => {
      const world = new ScriptedSurroundings(application);
      world.input = 'from a pipe\n';
      const code = await runCommandLine(['kv', ...words, '-n', 'demo'], commands, world);
      return { code, out: world.out.text, err: world.err.text };
    };
    await run('set', 'rate', '0.19');
    await run('set', 'whole', '2.0');
    await run('set', 'text', '007');
    await run('set', 'forced', '7', '--type', 'STRING', '--ttl', 'PT1H');
    await run('set', 'day', '2026-01-02', '--type', 'DATE');
    await run('set', 'map', '{"a":[1]}');
    await run('set', 'piped', '-');
    expect(application.pairs.get('demo/rate')).toBe(0.19);
    expect(application.pairs.get('demo/whole')).toEqual(new Double(2));
    expect(application.pairs.get('demo/text')).toBe('007');
    expect(application.pairs.get('demo/forced')).toBe('7');
    expect(application.pairs.get('demo/day')).toBeInstanceOf(Temporal.PlainDate);
    expect(application.pairs.get('demo/piped')).toBe('from a pipe');
    expect(application.calls).toContain('set demo/forced {"type":"STRING","ttlMs":3600000}');
    expect((await run('get', 'text')).out).toBe('007\n');
    expect(JSON.parse((await run('get', 'map', '-o', 'json')).out)).toEqual({
      namespace: 'demo',
      key: 'map',
      value: { a: [1] },
      provenance: { trust: 'trusted', classes: [] },
    });
    expect((await run('get', 'absent')).code).toBe(1);
    expect((await run('delete', 'text')).code).toBe(0);
    expect((await run('delete', 'text')).code).toBe(1);
    expect((await run('list', '--prefix', 'r')).out).toContain('rate  STRING');
  });

  test.each([
    [['set', 'k', 'x', '--type', 'NUMBER', '-n', 'a'], '`x` is no NUMBER'],
    [['set', 'k', 'x', '--type', 'DATETIME', '-n', 'a'], '`x` is no DATETIME'],
    [['set', 'k', 'x', '--ttl', 'P1M', '-n', 'a'], '`P1M` is no time to keep a pair'],
    [['set', 'k', 'x', '--type', 'TEXT', '-n', 'a'], 'does not take `TEXT`'],
    [['get', 'k'], 'option `--namespace NAME` is missing'],
  ])('%j is refused', async (words, message) => {
    const { code, err } = await sluice(['kv', ...words]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('a file is put, read, listed and deleted', async () => {
    const application = new ScriptedApplication(script);
    const run = async (...words: string[]) => {
      const world = new ScriptedSurroundings(application);
      world.workingFolder = folder;
      const code = await runCommandLine(['file', ...words], commands, world);
      return { code, out: world.out.text, err: world.err.text };
    };
    expect((await run('put', 'inputs.json', '-n', 'demo')).out).toBe(
      'put `inputs.json` into `demo`\n',
    );
    await run('put', 'kv.json', '/a/b.json', '-n', 'demo');
    expect((await run('list', '-n', 'demo')).out).toContain('a/b.json');
    expect((await run('get', 'inputs.json', '-n', 'demo')).out).toBe('{"a": 1, "b": 2.0}');
    expect((await run('get', 'kestra:///x')).out).toBe('bytes of kestra:///x');
    expect((await run('get', 'inputs.json')).code).toBe(2);
    expect((await run('put', '-', '-n', 'demo')).code).toBe(2);
    const to = join(folder, 'copy.json');
    expect((await run('get', 'a/b.json', '-n', 'demo', '--to', to)).code).toBe(0);
    expect((await run('delete', 'a/b.json', '-n', 'demo')).code).toBe(0);
    expect((await run('delete', 'a/b.json', '-n', 'demo')).code).toBe(1);
  });
});

describe('defects', () => {
  test('are one sentence with exit code 70, and a stack only when asked for', async () => {
    const fail = async (debug: string) => {
      const world = new ScriptedSurroundings();
      if (debug !== '') world.environment['SLUICE_DEBUG'] = debug;
      const code = await runCommandLine(['flow', 'list'], commands, world);
      return { code, err: world.err.text };
    };
    const quiet = await fail('');
    expect(quiet.code).toBe(70);
    expect(quiet.err.split('\n')).toEqual([
      'error: no application here',
      expect.stringContaining('  help: this is a defect of Sluice'),
      '',
    ]);
    expect((await fail('1')).err).toContain('    at ');
  });
});

describe('the example', () => {
  test('runs, pauses, resumes and tells what to try next', async () => {
    const application = new ScriptedApplication({ 'first-flow': script['gate'] ?? [] });
    const world = new ScriptedSurroundings(application);
    world.workingFolder = folder;
    const code = await runCommandLine(['example', '--data', 'd'], commands, world);
    expect(code).toBe(0);
    expect(application.calls).toContain('resume e1 {"approved":true}');
    expect(world.out.text).toContain('3. A person agrees, and it goes on');
    expect(world.out.text).toContain('sluice execution show e1 --data d');
  });

  test('asks the person at the terminal', async () => {
    const application = new ScriptedApplication({ 'first-flow': script['gate'] ?? [] });
    const world = new ScriptedSurroundings(application);
    world.workingFolder = folder;
    world.isInteractive = true;
    world.answers = ['no'];
    await runCommandLine(['example', '--data', 'd'], commands, world);
    expect(application.calls).toContain('resume e1 {"approved":false}');
    expect(world.out.text).toContain('3. A person refuses');
  });
});
