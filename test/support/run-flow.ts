/**
 * Running flows in tests the way the command line does: a real data folder, a real store, real tasks.
 * The whole story of a flow in one call: what it is started with, what is done to it when it rests.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ExecutionDocument, TaskRunDocument } from '../../src/api/contract/index.ts';
import type { Application } from '../../src/app/application.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { createApplication } from '../../src/app/create-application.ts';
import { isTerminated, type State } from '../../src/core/engine/index.ts';
import type { Value } from '../../src/core/value/index.ts';
import type { LogRecord, Store } from '../../src/ports/store.ts';

/** A system over a data folder that goes with the test. */
export interface FlowWorld {
  readonly application: Application;
  /** The store behind the application, for looking at what is kept beyond what documents show. */
  readonly store: Store;
  readonly folder: string;
  /** Saves flows, starts the last of them and waits until it rests. */
  run(
    flows: string | readonly string[],
    options?: {
      readonly inputs?: Readonly<Record<string, Value>>;
      readonly labels?: readonly { readonly key: string; readonly value: string }[];
      readonly timerPatienceMs?: number;
    },
  ): Promise<FlowResult>;
  /** Saves a flow without starting it. */
  save(flow: string): Promise<void>;
  /** Waits until an execution rests. */
  rest(id: string, options?: { readonly timerPatienceMs?: number }): Promise<FlowResult>;
  /** Writes a file into the folder of the test and gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Ends the system and starts another one over the same data folder. */
  reopen(): Promise<FlowWorld>;
}

/** How an execution stands when it rests. */
export interface FlowResult {
  readonly document: ExecutionDocument;
  readonly state: string;
  /** States the execution went through. */
  readonly states: readonly string[];
  readonly logs: readonly LogRecord[];
  /** Returns the first task run of a task, or the one with a loop value; throws when there is none. */
  taskRun(taskId: string, value?: string): TaskRunDocument;
  taskRuns(taskId: string): readonly TaskRunDocument[];
  /** Task ids in the order in which their runs were created. */
  readonly taskIds: readonly string[];
  /** Messages of a task's log lines. */
  messages(taskId?: string): readonly string[];
}

async function resultOf(
  application: Application,
  document: ExecutionDocument,
): Promise<FlowResult> {
  const logs = await application.logs({ executionId: document.id });
  return {
    document,
    state: document.state.current,
    states: document.state.histories.map((one) => one.state),
    logs,
    taskRun(taskId, value) {
      const found = document.taskRunList.find(
        (one) => one.taskId === taskId && (value === undefined || one.value === value),
      );
      if (found === undefined) throw new Error(`no run of the task ${taskId}`);
      return found;
    },
    taskRuns: (taskId) => document.taskRunList.filter((one) => one.taskId === taskId),
    taskIds: document.taskRunList.map((one) => one.taskId),
    messages: (taskId) =>
      logs
        .filter((line) => taskId === undefined || line.taskId === taskId)
        .map((line) => line.message),
  };
}

interface WorldParts {
  readonly application: Application;
  readonly store: Store;
  readonly folder: string;
  readonly environment: Environment;
}

function worldOf({ application, store, folder, environment }: WorldParts): FlowWorld {
  const rest: FlowWorld['rest'] = async (id, options = {}) => {
    const document = await application.rest(id, options);
    // What was followed to its end is told from memory: it says what is stored.
    if (isTerminated(document.state.current as State)) {
      const { related: _stored, ...stored } = (await application.execution(id)) ?? document;
      const { related: _told, ...told } = document;
      expect(told).toEqual(stored);
    }
    return resultOf(application, document);
  };
  return {
    application,
    store,
    folder,
    rest,
    async save(flow) {
      await application.saveFlow(flow, 'flow.yaml');
    },
    async run(flows, options = {}) {
      const sources = typeof flows === 'string' ? [flows] : flows;
      let last: { namespace: string; id: string } | undefined;
      for (const source of sources) last = (await application.saveFlow(source, 'flow.yaml')).flow;
      if (last === undefined) throw new Error('no flow to run');
      const id = await application.start({
        namespace: last.namespace,
        flowId: last.id,
        inputs: options.inputs ?? {},
        ...(options.labels !== undefined && { labels: options.labels }),
      });
      return rest(
        id,
        options.timerPatienceMs === undefined ? {} : { timerPatienceMs: options.timerPatienceMs },
      );
    },
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    async reopen() {
      await application.close();
      return openWorld(folder, environment);
    },
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

async function openWorld(folder: string, environment: Environment): Promise<FlowWorld> {
  const dataFolder = join(folder, '.sluice');
  await mkdir(dataFolder, { recursive: true });
  const store = await openSqliteStore({
    sealer: createSystemSealer(),
    path: join(dataFolder, 'sluice.db'),
  });
  const application = await createApplication({ dataFolder, environment, store });
  onTestFinished(() => application.close().catch(() => undefined));
  return worldOf({ application, store, folder, environment });
}

/** Returns a system over a new data folder; both go with the test. */
export async function createFlowWorld(environment: Environment = {}): Promise<FlowWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openWorld(folder, environment);
}
