/** Scripts in flows: what they get, what they give, what they say, how they fail. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld({
    PATH: process.env['PATH'],
    SECRET_TOKEN: btoa('quite-secret-token'),
    SHOP_PASSWORD: 'of-the-machine',
  });
});

async function run(tasks: string): Promise<FlowResult> {
  return world.run(`id: parcels\nnamespace: shop.parcels\ntasks:${tasks}\n`);
}

describe('the protocol', () => {
  test('gives outputs and metrics, which later tasks use [scripts.protocol]', async () => {
    const result = await run(`
  - id: count
    type: io.kestra.plugin.scripts.shell.Script
    script: |
      echo '::{"outputs": {"total": 3, "who": {"city": "Vienna"}}}::'
      echo '::{"outputs": {"last": "J-2"}, "metrics": [{"name": "parcels", "type": "counter", "value": 3, "tags": {"carrier": "dhl"}}, {"name": "packing", "type": "timer", "value": 1.5}]}::' >&2
      echo '::{"logs": [{"level": "WARN", "message": "one is late"}]}::'
      echo packed
  - id: use
    type: core.debug.Return
    format: "{{ outputs.count.vars.total + 1 }} {{ outputs.count.vars.who.city }} {{ outputs.count.vars.last }}"`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRun('count').outputs).toEqual({
      vars: { total: 3, who: { city: 'Vienna' }, last: 'J-2' },
      exitCode: 0,
      outputFiles: {},
    });
    expect(result.taskRun('use').outputs).toEqual({ value: '4 Vienna J-2' });
    expect(await world.store.metrics('main', result.document.id)).toMatchObject([
      { name: 'parcels', type: 'counter', value: 3, tags: { carrier: 'dhl' } },
      { name: 'packing', type: 'timer', value: 1500 },
    ]);
    const said = result.logs.filter((line) => line.taskId === 'count');
    expect(said).toContainEqual(expect.objectContaining({ level: 'WARN', message: 'one is late' }));
    expect(said).toContainEqual(expect.objectContaining({ level: 'INFO', message: 'packed' }));
  });

  test('a line that is no JSON is told, and the task goes on [scripts.protocol]', async () => {
    const result = await run(`
  - id: bad
    type: scripts.shell.Script
    script: "echo '::{broken}::'"`);
    expect(result.state).toBe('SUCCESS');
    expect(result.logs.find((line) => line.level === 'WARN')?.message).toContain('::{broken}::');
  });
});

describe('commands', () => {
  test('share one shell, and see the names of the folder [scripts.commands]', async () => {
    const result = await run(`
  - id: both
    type: scripts.shell.Commands
    beforeCommands: ["export WHO=ada", "mkdir deep"]
    commands:
      - cd deep
      - echo "$WHO" > who.txt
      - test "$(pwd)" = "{{ workingDir }}/deep"
      - cp who.txt {{ outputDir }}/copy.txt
    outputFiles: ["**/who.txt"]
  - id: read
    type: core.debug.Return
    format: "{{ read(outputs.both.outputFiles['deep/who.txt']) | trim }}"`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRun('read').outputs).toEqual({ value: 'ada' });
  });

  test('stop at the first that fails unless told otherwise [scripts.fail-fast]', async () => {
    const result = await run(`
  - id: on
    type: scripts.shell.Commands
    failFast: false
    commands: ["false", "echo still"]
  - id: stop
    type: scripts.shell.Commands
    commands: ["echo '::{\\"outputs\\": {\\"a\\": 1}}::'", "sh -c 'exit 4'", "echo never"]`);
    expect(result.taskRun('on').state.current).toBe('SUCCESS');
    expect(result.messages('stop')).not.toContain('never');
    expect(result.taskRun('stop').outputs).toMatchObject({ vars: { a: 1 }, exitCode: 4 });
    expect(result.document.error).toMatchObject({ code: 'process.exited' });
  });

  test('take another interpreter [scripts.interpreter]', async () => {
    const result = await run(`
  - id: node
    type: scripts.shell.Commands
    interpreter: ["node", "-e"]
    commands: ["console.log(1 + 1)"]`);
    expect(result.messages('node')).toContain('2');
  });
});

test('files go in by content or URI and come out by patterns [scripts.files]', async () => {
  const result = await run(`
  - id: list
    type: core.storage.Write
    content: jumper
  - id: work
    type: scripts.shell.Script
    inputFiles:
      in/list.txt: "{{ outputs.list.uri }}"
      note.txt: "for {{ flow.id }}"
    script: |
      cat in/list.txt note.txt > all.txt
      cat {{ outputs.list.uri }}
    outputFiles: ["*.txt"]
  - id: bad
    type: scripts.shell.Script
    inputFiles:
      ../outside.txt: no
    script: echo never`);
  const files = result.taskRun('work').outputs['outputFiles'] as Record<string, string>;
  expect(Object.keys(files).toSorted()).toEqual(['all.txt', 'note.txt']);
  const all = await world.application.readFile(String(files['all.txt']));
  expect(new TextDecoder().decode(all)).toBe('jumperfor parcels');
  expect(result.messages('work')).toContain('jumper');
  expect(result.state).toBe('FAILED');
});

test('the environment is only what the flow declares [scripts.environment]', async () => {
  const result = await run(`
  - id: show
    type: scripts.shell.Script
    env:
      WHO: "{{ flow.id }}"
      COUNT: 3
    script: |
      echo "who=$WHO count=$COUNT password=[$SHOP_PASSWORD]"
      test -d "$WORKING_DIR" && test -d "$OUTPUT_DIR" && echo folders`);
  expect(result.messages('show')).toContain('who=parcels count=3 password=[]');
  expect(result.messages('show')).toContain('folders');
});

test('a secret that a script was given is hidden in its lines and its error [scripts.secrets]', async () => {
  const result = await run(`
  - id: leak
    type: scripts.shell.Script
    env:
      TOKEN: "{{ secret('TOKEN') }}"
    script: |
      echo "the token is $TOKEN"
      echo "and $TOKEN" >&2
      echo '::{"logs": [{"level": "INFO", "message": "quite-secret-token"}]}::'
  - id: later
    type: core.log.Log
    message: "{{ secret('TOKEN') }}"`);
  expect(result.messages('leak')).toContain('the token is ********');
  expect(result.messages('leak')).toContain('and ********');
  expect(JSON.stringify(result.logs)).not.toContain('quite-secret-token');
});

test('lines on stderr are errors of the log and warn only when asked [scripts.stderr]', async () => {
  const result = await run(`
  - id: quiet
    type: scripts.shell.Script
    script: echo careful >&2
  - id: warns
    type: scripts.shell.Script
    warningOnStdErr: true
    script: echo careful >&2`);
  expect(result.taskRun('quiet').state.current).toBe('SUCCESS');
  expect(result.taskRun('warns').state.current).toBe('WARNING');
  expect(result.logs.filter((line) => line.level === 'ERROR').map((line) => line.message)).toEqual([
    'careful',
    'careful',
  ]);
});

test('Python and Node run a script or commands [scripts.languages]', async () => {
  const result = await run(`
  - id: python
    type: scripts.python.Script
    script: |
      import json
      print("::" + json.dumps({"outputs": {"sum": sum([1, 2, 3]), "yes": true}}) + "::")
  - id: node
    type: scripts.node.Script
    script: |
      console.log("::" + JSON.stringify({ outputs: { sum: [1, 2].length } }) + "::");
  - id: file
    type: scripts.node.Commands
    inputFiles:
      main.js: "console.log('from a file')"
    commands: ["node main.js"]`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('python').outputs['vars']).toEqual({ sum: 6, yes: true });
  expect(result.taskRun('node').outputs['vars']).toEqual({ sum: 2 });
  expect(result.messages('file')).toContain('from a file');
});

test('a container is not used, which the log says once [scripts.container]', async () => {
  const result = await run(`
  - id: asked
    type: scripts.shell.Script
    containerImage: ubuntu
    taskRunner:
      type: io.kestra.plugin.scripts.runner.docker.Docker
    script: echo here
  - id: process
    type: scripts.shell.Script
    taskRunner:
      type: io.kestra.plugin.core.runner.Process
    script: echo here`);
  expect(result.state).toBe('SUCCESS');
  const warned = result.logs.filter((line) => line.level === 'WARN');
  expect(warned.map((line) => line.taskId)).toEqual(['asked']);
  expect(warned[0]?.message).toContain('not available here');
});

test('a script that runs longer than its timeout is ended with what it started [scripts.timeout]', async () => {
  const result = await run(`
  - id: slow
    type: scripts.shell.Script
    timeout: PT0.2S
    script: |
      sleep 30 &
      sleep 30`);
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.code).toBe('task.timed-out');
});
