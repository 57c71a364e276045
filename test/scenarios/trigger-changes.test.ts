/** Triggers changed from elsewhere: by a task of a flow, and on the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiServerOfTest, flowText } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';

const yaml = 'application/x-yaml';

// [tasks.toggle]
test('a task switches a trigger off, which stays off over a new revision of its flow', async () => {
  const world = await apiServerOfTest();
  const save = (body: string) => world.json('POST', '/api/v1/main/flows', { body, type: yaml });
  const ticking = flowText(
    'ticking',
    '  - {id: a, type: core.log.Log, message: x}',
    'triggers: [{id: tick, type: core.trigger.Schedule, cron: "0 0 1 1 *"}]\n',
  );
  await save(ticking);
  const switching = (enabled: boolean) =>
    flowText(
      enabled ? 'start' : 'stop',
      `  - {id: a, type: core.trigger.Toggle, trigger: tick, flowId: ticking, enabled: ${enabled}}`,
    );
  await save(switching(false));
  await save(switching(true));
  const run = async (id: string): Promise<string> => {
    const path = `/api/v1/main/executions/demo/${id}?wait=true`;
    const done = await world.json<{ state: { current: string } }>('POST', path, {
      body: new FormData(),
    });
    return done.state.current;
  };
  const isDisabled = async (): Promise<boolean> => {
    const rows = await world.json<{ results: { disabled: boolean }[] }>(
      'GET',
      '/api/v1/main/triggers/demo/ticking',
    );
    return rows.results[0]?.disabled === true;
  };
  expect(await run('stop')).toBe('SUCCESS');
  expect(await isDisabled()).toBe(true);
  await world.json('PUT', '/api/v1/main/flows/demo/ticking', {
    body: ticking.replace('message: x', 'message: y'),
    type: yaml,
  });
  expect(await isDisabled()).toBe(true);
  expect(await run('start')).toBe('SUCCESS');
  expect(await isDisabled()).toBe(false);
  const gone = flowText('gone', '  - {id: a, type: core.trigger.Toggle, trigger: nothing}');
  await save(gone);
  expect(await run('gone')).toBe('FAILED');
});

test('the command line lists triggers, switches them and orders backfills', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-trigger-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'flow.yaml');
  writeFileSync(
    file,
    flowText(
      'nightly',
      '  - {id: a, type: core.log.Log, message: x}',
      'triggers: [{id: daily, type: core.trigger.Schedule, cron: "0 9 * * *", timezone: UTC}]\n',
    ),
  );
  const sluice = callCommandLine(join(folder, 'data'));
  expect((await sluice('flow', 'save', file)).code).toBe(0);
  const name = 'demo/nightly/daily';
  const off = await sluice('trigger', 'disable', name);
  expect(off).toMatchObject({ code: 0, out: `${name} is switched off\n` });
  const listed = await sluice('trigger', 'list', '-o', 'json');
  expect(JSON.parse(listed.out)).toMatchObject([{ triggerId: 'daily', disabled: true }]);
  await sluice('trigger', 'enable', name);
  const asked = await sluice(
    'trigger',
    'backfill',
    name,
    '--start',
    '2025-03-01',
    '--end',
    '2025-03-03T12:00:00Z',
  );
  expect(asked.out).toBe(`${name} goes on at 2025-03-01T09:00:00.000Z, 0 of 3 dates done\n`);
  expect((await sluice('trigger', 'backfill', name, '--pause')).out).toContain('is held');
  expect((await sluice('trigger', 'list')).out).toMatch(/backfill 0\/3 held/);
  expect((await sluice('trigger', 'backfill', name, '--delete')).out).toContain('is ended');
  expect((await sluice('trigger', 'backfill', name, '--start', 'soon')).code).toBe(2);
  expect((await sluice('trigger', 'unlock', 'demo/nightly/none')).code).toBe(2);
  expect((await sluice('trigger', 'unlock', 'nightly')).code).toBe(2);
});
