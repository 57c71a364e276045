/**
 * The three flows of the plan, exactly as they are printed there, at the real command line: each step
 * is a process of its own over one data folder.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ExecutionDocument } from '../../src/api/contract/index.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const plan = (name: string): string => join(import.meta.dirname, 'plan', `${name}.yaml`);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Desk {
  readonly folder: string;
  sluice(...words: string[]): Promise<Ended>;
}

async function createDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-plan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    sluice: (...words) =>
      new Promise((resolve) => {
        const all = [main, ...words, '--data', join(folder, 'data')];
        execFile(process.execPath, all, { cwd: folder }, (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code), out, err });
        });
      }),
  };
}

async function parquet(desk: Desk, name: string, rows: string): Promise<string> {
  const path = join(desk.folder, name);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
  connection.disconnectSync();
  instance.closeSync();
  return path;
}

const goodRows = 'SELECT range AS user_id FROM range(10)';
const badRows = 'SELECT CASE WHEN range = 3 THEN NULL ELSE range END AS user_id FROM range(10)';

function documentOf({ out }: Ended): ExecutionDocument {
  return JSON.parse(out) as ExecutionDocument;
}

function stateOf(document: ExecutionDocument, taskId: string): string | undefined {
  return document.taskRunList.find((run) => run.taskId === taskId)?.state.current;
}

interface Line {
  readonly level: string;
  readonly taskId: string | null;
  readonly message: string;
}

async function linesOf(desk: Desk, id: string): Promise<readonly Line[]> {
  const { out } = await desk.sluice('execution', 'logs', id, '--output', 'json');
  const parsed = JSON.parse(out) as Line[] | { logs: Line[] };
  return Array.isArray(parsed) ? parsed : parsed.logs;
}

async function train(desk: Desk, uri: string): Promise<{ ended: Ended; lines: readonly Line[] }> {
  const ended = await desk.sluice(
    'run',
    plan('governed-model-training'),
    '--input',
    `data_uri=${uri}`,
    '--output',
    'json',
  );
  return { ended, lines: await linesOf(desk, documentOf(ended).id) };
}

test('training goes on when every row has a customer [G-227]', { timeout: 30_000 }, async () => {
  const desk = await createDesk();
  const { ended, lines } = await train(desk, await parquet(desk, 'good.parquet', goodRows));
  const document = documentOf(ended);
  expect([ended.code, document.state.current]).toEqual([0, 'SUCCESS']);
  expect(document.taskRunList.map((run) => [run.taskId, run.state.current])).toEqual([
    ['data-quality-check', 'SUCCESS'],
    ['check-for-nulls', 'SUCCESS'],
    ['train-model', 'SUCCESS'],
  ]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      taskId: 'train-model',
      message: 'Data quality check passed. Starting model training...',
    }),
  );
});

test('training is refused when a row has no customer [G-227] [G-229] [G-231]', {
  timeout: 30_000,
}, async () => {
  const desk = await createDesk();
  const { ended, lines } = await train(desk, await parquet(desk, 'bad.parquet', badRows));
  const document = documentOf(ended);
  expect([ended.code, document.state.current]).toEqual([1, 'FAILED']);
  expect(document.taskRunList.map((run) => [run.taskId, run.state.current])).toEqual([
    ['data-quality-check', 'SUCCESS'],
    ['check-for-nulls', 'FAILED'],
    ['fail-on-bad-data', 'FAILED'],
  ]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      taskId: 'fail-on-bad-data',
      message: 'Data quality check failed: Found NULL user_id values.',
    }),
  );
});

test('training never starts on data that cannot be checked', { timeout: 30_000 }, async () => {
  const desk = await createDesk();
  const nameless = await parquet(desk, 'nameless.parquet', 'SELECT 1 AS other');
  for (const uri of [join(desk.folder, 'none.parquet'), nameless, "x') --"]) {
    const { ended } = await train(desk, uri);
    const document = documentOf(ended);
    expect([ended.code, document.state.current]).toEqual([1, 'FAILED']);
    expect(document.taskRunList.map((run) => run.taskId)).toEqual(['data-quality-check']);
  }
  const missing = await desk.sluice('run', plan('governed-model-training'), '--output', 'json');
  expect([missing.code, documentOf(missing).taskRunList.length]).toEqual([1, 1]);
});

test('the data may be a stored file that another flow hands over', {
  timeout: 30_000,
}, async () => {
  const desk = await createDesk();
  const caller = join(desk.folder, 'caller.yaml');
  await writeFile(
    caller,
    `id: hand-over-data
namespace: company.team.ai
inputs:
  - {id: data, type: FILE}
tasks:
  - id: train
    type: io.kestra.plugin.core.flow.Subflow
    namespace: company.team.ai
    flowId: governed-model-training
    inputs:
      data_uri: "{{ inputs.data }}"
`,
  );
  for (const [rows, state] of [
    [goodRows, 'SUCCESS'],
    [badRows, 'FAILED'],
  ] as const) {
    const data = await parquet(desk, 'data.parquet', rows);
    const ended = await desk.sluice(
      'run',
      caller,
      '--with',
      plan('governed-model-training'),
      '--input',
      `data=${data}`,
      '--output',
      'json',
    );
    expect(documentOf(ended).inputs?.['data']).toMatch(/^kestra:\/\/\//);
    expect(documentOf(ended).state.current).toBe(state);
  }
});

const deployment = 'model-deployment-with-approval';

async function pausedDeployment(desk: Desk): Promise<string> {
  const ended = await desk.sluice('run', plan(deployment), '--output', 'json');
  const document = documentOf(ended);
  expect([ended.code, document.state.current]).toEqual([3, 'PAUSED']);
  expect(document.taskRunList.map((run) => [run.taskId, run.state.current])).toEqual([
    ['pre-deployment-checks', 'SUCCESS'],
    ['human-approval-gate', 'PAUSED'],
  ]);
  expect(document.taskRunList[0]?.outputs).toMatchObject({ exitCode: 0 });
  return document.id;
}

test('a deployment waits for a person, survives the process and runs once', {
  timeout: 30_000,
}, async () => {
  const desk = await createDesk();
  const id = await pausedDeployment(desk);
  const lines = await linesOf(desk, id);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      taskId: 'pre-deployment-checks',
      message: 'Running model validation and compliance checks...',
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      taskId: 'human-approval-gate',
      message: 'Deployment requires manual approval from the ML Governance team.',
    }),
  );
  const resumed = await desk.sluice('execution', 'resume', id, '--output', 'json');
  expect(resumed.code).toBe(0);
  const shown = documentOf(await desk.sluice('execution', 'show', id, '--output', 'json'));
  expect([shown.state.current, stateOf(shown, 'deploy-model')]).toEqual(['SUCCESS', 'SUCCESS']);
  const second = await desk.sluice('execution', 'resume', id);
  expect(second.code).not.toBe(0);
  expect(second.err).toContain('is SUCCESS and cannot be resumed');
  const after = documentOf(await desk.sluice('execution', 'show', id, '--output', 'json'));
  expect(after.taskRunList.filter((run) => run.taskId === 'deploy-model')).toHaveLength(1);
  expect((await linesOf(desk, id)).map((line) => line.message)).toContain(
    'Approval received. Deploying model to production...',
  );
});

test('a deployment that is killed while it waits never deploys', { timeout: 30_000 }, async () => {
  const desk = await createDesk();
  const id = await pausedDeployment(desk);
  await desk.sluice('execution', 'kill', id);
  const shown = documentOf(await desk.sluice('execution', 'show', id, '--output', 'json'));
  expect([shown.state.current, stateOf(shown, 'deploy-model')]).toEqual(['KILLED', undefined]);
  expect((await desk.sluice('execution', 'resume', id)).code).not.toBe(0);
});

test('a failing check never reaches the gate', { timeout: 30_000 }, async () => {
  const desk = await createDesk();
  const source = await readFile(plan(deployment), 'utf8');
  const failing = join(desk.folder, 'failing.yaml');
  await writeFile(failing, source.replace('- echo "Running', '- exit 4\n      - echo "Running'));
  const ended = await desk.sluice('run', failing, '--output', 'json');
  const document = documentOf(ended);
  expect([ended.code, document.state.current]).toEqual([1, 'FAILED']);
  expect(document.taskRunList.map((run) => run.taskId)).toEqual(['pre-deployment-checks']);
});

test('the agent runs up to what is missing and says so', { timeout: 30_000 }, async () => {
  const desk = await createDesk();
  const sales = join(desk.folder, 'sales.csv');
  await writeFile(sales, 'sku,sold\nmug,42\n');
  const ended = await desk.sluice(
    'run',
    plan('governed-ai-agent'),
    '--input',
    `sales_data_uri=${sales}`,
    '--output',
    'json',
  );
  const document = documentOf(ended);
  expect([ended.code, document.state.current]).toEqual([1, 'FAILED']);
  expect(document.taskRunList.map((run) => run.taskId)).toEqual(['run-agent']);
  expect(document.error?.message).toContain('ai.agent.AIAgent');
});
