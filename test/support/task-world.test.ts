/** Tests of the fake world: it honours the rules that its ports state, and it notices effects. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { provenanceOf, unmarked } from '../../src/core/value/index.ts';
import { defineTask } from '../../src/ports/task.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { createTaskWorld } from './task-world.ts';

const untrusted = provenanceOf({ trust: 'untrusted' });

test('refuses files of other executions and paths that leave the execution', async () => {
  const { context } = createTaskWorld();
  for (const uri of [
    'kestra:///shop/tests/flow-under-test/executions/other/a.txt',
    'kestra:///shop/tests/flow-under-test/executions/4kZ8sY1f/../other/a.txt',
    'kestra:///shop/other/_files/a.txt',
    'file:///etc/hosts',
  ]) {
    await expect(context.files.read(uri)).rejects.toMatchObject({ code: 'file.refused' });
  }
});

test('joins what was read into what is written', async () => {
  const world = createTaskWorld();
  const trusted = await world.context.files.put('before.txt', 'x');
  await world.context.files.read(world.addFile('message.txt', 'hi', untrusted));
  const tainted = await world.context.files.put('after.txt', 'x');
  await world.context.keyValues('shop.tests').set('k', unmarked('x'));
  expect(world.provenanceOf(trusted).trust).toBe('trusted');
  expect(world.provenanceOf(tainted).trust).toBe('untrusted');
  expect((await world.context.keyValues('shop.tests').get('k'))?.marks.own.trust).toBe('untrusted');
});

test('notes every effect with its target', async () => {
  const world = createTaskWorld();
  const server = await startLoopbackServer(() => ({}));
  await world.context.fetch(server.url, { method: 'POST' });
  await world.context.files.put('a.txt', 'x');
  await world.context.keyValues('shop.tests').list();
  await world.context.processes.run({
    command: ['true'],
    workingFolder: await world.context.workingFolder(),
    environment: {},
    signal: world.context.signal,
    onLine: () => undefined,
  });
  expect(world.effects.map(({ target, mode }) => `${mode} ${target}`)).toEqual([
    'write network',
    'write files',
    'read store',
    'write process',
  ]);
});

test('lets nothing out but to loopback', async () => {
  await expect(createTaskWorld().context.fetch('http://192.0.2.1/')).rejects.toMatchObject({
    code: 'http.address-refused',
  });
});

test('ends sleeping and processes when the task run is ended', async () => {
  const world = createTaskWorld();
  const waits = [
    world.context.sleep(60_000),
    world.context.processes.run({
      command: ['sleep', '60'],
      workingFolder: await world.context.workingFolder(),
      environment: {},
      signal: world.context.signal,
      onLine: () => undefined,
    }),
  ];
  world.cancel();
  for (const result of await Promise.allSettled(waits)) expect(result.status).toBe('rejected');
});

test('judges conditions by their rendered text', () => {
  const { context } = createTaskWorld();
  for (const value of ['', '0', '-0', 'false', null, false, 0]) {
    expect(context.isTruthy(value)).toBe(false);
  }
  for (const value of ['False', ' ', '[]', '0.0', [], true, 1]) {
    expect(context.isTruthy(value)).toBe(true);
  }
});

test('renders properties of inner tasks the way their types say', async () => {
  const probe = defineTask({
    type: 'core.debug.Probe',
    summary: 'Gives what it got.',
    input: z.record(z.string(), z.unknown()),
    output: z.record(z.string(), z.unknown()),
    effect: { kind: 'none', touches: [] },
    provenance: { output: 'join' },
    rendering: { typed: 'typed', raw: 'raw' },
    failures: [],
    examples: [],
    run: async (input) => input,
  });
  const world = createTaskWorld({ variables: { n: 8 }, taskTypes: [probe] });
  const task = { type: probe.type, text: '{{ n }}', typed: '{{ n }}', raw: '{{ n }}' };
  expect(await world.context.runTask(task)).toEqual({ text: '8', typed: 8, raw: '{{ n }}' });
});

let folderOfTest = '';

test('makes one folder', async () => {
  const { context } = createTaskWorld();
  folderOfTest = await context.workingFolder();
  expect(await context.workingFolder()).toBe(folderOfTest);
  expect(existsSync(folderOfTest)).toBe(true);
});

test('removes the folder with the test', () => {
  expect(existsSync(folderOfTest)).toBe(false);
});
