/** Survival: what a process leaves behind when it ends, and how another one goes on with it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';
import { whenRun } from '../../support/when-state.ts';

const main = join(import.meta.dirname, '../../../src/cli/main.ts');

/** Starts `sluice run` on `flow` in a process of its own, kills it when `isReady` and waits for its end. */
async function killedRun(world: FlowWorld, flow: string, isReady: () => boolean): Promise<void> {
  const file = await world.file('flow.yaml', flow);
  const data = join(world.folder, '.sluice');
  await world.application.close();
  const child = spawn(process.execPath, [main, 'run', file, '--data', data, '--quiet'], {
    stdio: 'ignore',
    env: { ...process.env, SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let left = 500; left > 0 && !isReady(); left -= 1) await sleep(10);
  expect(isReady()).toBe(true);
  child.kill('SIGKILL');
  await ended;
}

test('an execution that is paused is resumed in another process [recovery.paused]', async () => {
  let world = await createFlowWorld();
  const paused = await world.run(`
id: paused
namespace: demo
tasks:
  - { id: before, type: core.debug.Return, format: kept }
  - { id: wait, type: core.flow.Pause, onResume: [{ id: word, type: STRING }] }
  - { id: after, type: core.debug.Return, format: "{{ outputs.before.value }} {{ outputs.wait.onResume.word }}" }
`);
  world = await world.reopen();
  await world.application.resume(paused.document.id, { word: 'go' });
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('after').outputs).toEqual({ value: 'kept go' });
});

test('a pause that ends by itself ends in another process, also when its time passed in between [recovery.pause-timer]', async () => {
  let world = await createFlowWorld();
  const order = { namespace: 'demo', flowId: 'timed', inputs: {} };
  await world.save(`
id: timed
namespace: demo
tasks:
  - { id: wait, type: core.flow.Pause, pauseDuration: PT0.1S }
  - { id: after, type: core.log.Log, message: after }
`);
  const id = await world.application.start(order);
  expect((await world.rest(id, { timerPatienceMs: 0 })).state).toBe('PAUSED');
  world = await world.reopen();
  await sleep(120);
  expect(await world.application.recover()).toEqual([id]);
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'PAUSED', 'RUNNING', 'SUCCESS']);
});

test('a run that waits for its next attempt makes it in another process [recovery.retry-timer]', async () => {
  let world = await createFlowWorld();
  await world.save(`
id: retries
namespace: demo
tasks:
  - id: bad
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 1 }}"
    retry: { type: constant, interval: PT0.1S, maxAttempts: 3 }
`);
  const waits = whenRun(world, 'bad', 'RETRYING');
  const id = await world.application.start({ namespace: 'demo', flowId: 'retries', inputs: {} });
  await waits;
  world = await world.reopen();
  await world.application.recover();
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'RETRYING', 'RUNNING', 'SUCCESS']);
  expect(result.taskRun('bad').attempts).toHaveLength(2);
});

test('who waits for a subflow goes on in another process when the subflow does [recovery.subflow]', async () => {
  let world = await createFlowWorld();
  const paused = await world.run([
    `
id: child
namespace: demo
tasks: [{ id: wait, type: core.flow.Pause }]
outputs: [{ id: word, type: STRING, value: done }]
`,
    `
id: parent
namespace: demo
tasks:
  - { id: call, type: core.flow.Subflow, namespace: demo, flowId: child }
  - { id: after, type: core.debug.Return, format: "{{ outputs.call.outputs.word }}" }
`,
  ]);
  world = await world.reopen();
  await world.application.resume(paused.document.id, {});
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('after').outputs).toEqual({ value: 'done' });
});

test('queued executions run in another process in their order [recovery.queue]', async () => {
  let world = await createFlowWorld();
  await world.save(`
id: queue
namespace: demo
concurrency: { limit: 1 }
tasks: [{ id: wait, type: core.flow.Pause }]
`);
  const ids: string[] = [];
  for (let at = 0; at < 3; at += 1) {
    ids.push(await world.application.start({ namespace: 'demo', flowId: 'queue', inputs: {} }));
    await world.rest(ids.at(-1) as string);
  }
  world = await world.reopen();
  await world.application.recover();
  const states = async () => {
    const found: string[] = [];
    for (const id of ids) found.push((await world.rest(id)).state);
    return found;
  };
  expect(await states()).toEqual(['PAUSED', 'QUEUED', 'QUEUED']);
  await world.application.resume(ids[0] as string, {});
  expect(await states()).toEqual(['SUCCESS', 'PAUSED', 'QUEUED']);
  await world.application.resume(ids[1] as string, {});
  expect(await states()).toEqual(['SUCCESS', 'SUCCESS', 'PAUSED']);
});

test('a task without outside effects that a killed process had begun runs again; what had ended does not [recovery.repeat]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await killedRun(
    world,
    `
id: killed
namespace: demo
governance: { onUnknown: fail }
tasks:
  - { id: before, type: core.debug.Return, format: "{{ uuid() }}" }
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: slow, type: core.flow.Sleep, duration: PT0.7S }
      - id: sign
        type: scripts.shell.Commands
        taskRunner: { type: core.runner.Process }
        allowFailure: true
        commands: ["touch ${began}; sleep 30"]
  - { id: after, type: core.debug.Return, format: "{{ outputs.before.value }}" }
`,
    () => existsSync(began),
  );
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  const result = await later.rest(id);
  expect(result.state).toBe('WARNING');
  expect(result.taskRun('slow').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(result.taskRuns('before')).toHaveLength(1);
  expect(result.taskRun('before').attempts).toHaveLength(1);
  expect(result.taskRun('after').outputs).toEqual(result.taskRun('before').outputs);
});

test('a task with effects outside that a killed process had begun does not run again: its outcome is unknown [recovery.unknown]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await killedRun(
    world,
    `
id: effect
namespace: demo
governance: { onUnknown: fail }
tasks:
  - id: send
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    commands: ["echo once >> ${began}; sleep 30"]
    retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }
errors:
  - { id: handler, type: core.debug.Return, format: "{{ error.message }}" }
`,
    () => existsSync(began),
  );
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  const result = await later.rest(id);
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.code).toBe('task.outcome-unknown');
  expect(result.taskRun('send').attempts).toHaveLength(1);
  expect(result.taskRun('handler').outputs['value']).toContain('not known whether its effect');
  expect(await readFile(began, 'utf8')).toBe('once\n');
});

test('a task that reads runs again after its process was killed [recovery.read]', async () => {
  const world = await createFlowWorld({ SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    // The first asker dies before it is answered.
    if (asked > 1) response.end('answer');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await killedRun(
    world,
    `
id: reads
namespace: demo
tasks:
  - { id: get, type: core.http.Download, uri: "http://127.0.0.1:${port}/" }
`,
    () => asked > 0,
  );
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  const result = await later.rest(id);
  expect(result.state).toBe('SUCCESS');
  expect(asked).toBe(2);
});

test('what runs after the end of an execution runs although its process was killed meanwhile [recovery.after-execution]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await killedRun(
    world,
    `
id: after
namespace: demo
governance: { onUnknown: fail }
tasks: [{ id: main, type: core.log.Log, message: main }]
afterExecution:
  - id: first
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    commands: ["touch ${began}; sleep 30"]
  - { id: last, type: core.log.Log, message: last }
`,
    () => existsSync(began),
  );
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  const result = await later.rest(id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['main', 'first', 'last']);
  expect(result.messages('last')).toEqual(['last']);
  expect(await later.application.recover()).toEqual([]);
});

test('a killed process leaves parents and children together: nobody is started twice [recovery.children]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await world.save(`
id: child
namespace: demo
inputs: [{ id: n, type: STRING }]
tasks:
  - id: work
    type: core.flow.Sleep
    duration: "{{ inputs.n == '1' ? 'PT0.001S' : 'PT0.7S' }}"
`);
  await killedRun(
    world,
    `
id: parent
namespace: demo
governance: { onUnknown: fail }
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: core.flow.Subflow, namespace: demo, flowId: child, inputs: { n: "1" } }
      - { id: two, type: core.flow.Subflow, namespace: demo, flowId: child, inputs: { n: "2" } }
      - id: sign
        type: scripts.shell.Commands
        taskRunner: { type: core.runner.Process }
        allowFailure: true
        commands: ["sleep 0.1; touch ${began}; sleep 30"]
`,
    () => existsSync(began),
  );
  const later = await world.reopen();
  const ids = await later.application.recover();
  const all = await later.application.executions({ limit: 10 });
  const parent = all.find((one) => one.flowId === 'parent')?.id ?? '';
  expect(ids).toContain(parent);
  const result = await later.rest(parent);
  expect(result.state).toBe('WARNING');
  expect(result.document.related?.map((one) => one.state.current)).toEqual(['SUCCESS', 'SUCCESS']);
});

test('a script that goes on after its process was killed is ended before anything goes on [recovery.orphans]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await killedRun(
    world,
    `
id: orphan
namespace: demo
tasks:
  - id: script
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    commands: ["echo $$ > ${began}; sleep 30 & sleep 30"]
`,
    () => existsSync(began) && readFileSync(began, 'utf8').endsWith('\n'),
  );
  const script = Number(await readFile(began, 'utf8'));
  expect(await isAlive(script)).toBe(true);
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  expect(await isAlive(script)).toBe(false);
  const result = await later.rest(id);
  expect(result.state).toBe('PAUSED');
  expect(result.taskRun('script').question?.arguments).toMatchObject({
    commands: [`echo $$ > ${began}; sleep 30 & sleep 30`],
  });
});

test('tasks that share a folder find it again after their process was killed, and nobody finds it after them [recovery.folder]', async () => {
  const world = await createFlowWorld();
  const began = join(world.folder, 'began');
  await killedRun(
    world,
    `
id: folder
namespace: demo
tasks:
  - id: shared
    type: core.flow.WorkingDirectory
    tasks:
      - id: write
        type: scripts.shell.Commands
        taskRunner: { type: core.runner.Process }
        commands: ["echo kept > note.txt"]
      - id: read
        type: scripts.shell.Commands
        taskRunner: { type: core.runner.Process }
        outputFiles: [note.txt]
        commands: ["test -e ${began} || { touch ${began}; sleep 30; }", "cat note.txt"]
`,
    () => existsSync(began),
  );
  const later = await world.reopen();
  const [id = ''] = await later.application.recover();
  expect((await later.rest(id)).state).toBe('PAUSED');
  await later.application.answer(id, { answer: 'retry' });
  const result = await later.rest(id);
  expect(result.state).toBe('SUCCESS');
  expect(result.messages('read')).toContain('kept');
  expect(await readdir(join(world.folder, '.sluice/work'))).toEqual([]);
});
