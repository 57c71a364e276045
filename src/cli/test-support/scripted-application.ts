/**
 * An `Application` in memory that follows a script: each flow has phases, each phase has events and the
 * state in which the execution then rests. It keeps the rules that the interface states (what may be
 * resumed, restarted, killed), so that the command line is tried against them without an engine.
 */
import type { ExecutionDocument, TaskRunDocument } from '../../api/contract/index.ts';
import type { Application, ApplicationEvent, StartRequest } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Diagnostic, Flow, TypeCatalogue, TypeEntry } from '../../core/flow/index.ts';
import { type Marked, plain, toPlain, type Value } from '../../core/value/index.ts';

/** One task run of a phase. */
export interface ScriptedRun {
  readonly taskId: string;
  readonly states: readonly string[];
  readonly parent?: string;
  readonly value?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly log?: string;
}

/** What happens until the execution rests. */
export interface Phase {
  readonly runs: readonly ScriptedRun[];
  readonly state: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  /** Never rests by itself; only a kill ends it. */
  readonly isEndless?: boolean;
}

/** The phases of each flow, by id. */
export type Script = Readonly<Record<string, readonly Phase[]>>;

interface Running {
  document: ExecutionDocument;
  phase: number;
  rested: PromiseWithResolvers<void>;
}

const begin = Date.parse('2026-01-02T03:04:05.000Z');

/** Follows a script. */
export class ScriptedApplication implements Application {
  readonly dataFolder: string;
  readonly calls: string[] = [];
  readonly pairs = new Map<string, Value>();
  isClosed = false;
  readonly catalogue: TypeCatalogue = catalogueOf([]);
  readonly #script: Script;
  readonly #executions = new Map<string, Running>();
  readonly #listeners = new Set<(event: ApplicationEvent) => void>();
  readonly #sources = new Map<string, string>();
  readonly #files = new Map<string, Uint8Array>();
  #at = begin;
  #ids = 0;

  constructor(script: Script, dataFolder = '/data') {
    this.#script = script;
    this.dataFolder = dataFolder;
  }

  /** The script has no ledger: its commands are tried on a real data folder. */
  get ledger(): Application['ledger'] {
    throw new Error('the script has no ledger');
  }
  get subjects(): Application['subjects'] {
    throw new Error('the script knows nobody');
  }
  get holds(): Application['holds'] {
    throw new Error('the script has no holds');
  }
  get retention(): Application['retention'] {
    throw new Error('the script has no retention');
  }

  triggers(): never {
    throw new Error('nothing is scripted for triggers');
  }

  changeTrigger(): never {
    throw new Error('nothing is scripted for triggers');
  }

  approvals(): never {
    throw new Error('the script opens no desk of approvals');
  }

  /** Nor registers. */
  governance(): ReturnType<Application['governance']> {
    return Promise.reject(new Error('the script has no registers'));
  }

  /** Nor users. */
  identity(): ReturnType<Application['identity']> {
    return Promise.reject(new Error('the script has no users'));
  }

  /** Nor policies. */
  policies(): ReturnType<Application['policies']> {
    return Promise.reject(new Error('the script has no policies'));
  }

  backup(): never {
    throw new Error('the script has no data folder');
  }

  saveFlow(source: string, file: string): ReturnType<Application['saveFlow']> {
    const read = (key: string) => new RegExp(`^${key}: (\\S+)$`, 'm').exec(source)?.[1];
    const [id, namespace] = [read('id'), read('namespace')];
    if (id === undefined || namespace === undefined) {
      const diagnostic: Diagnostic = {
        severity: 'error',
        code: 'flow.property-missing',
        file,
        line: 1,
        column: 1,
        path: '',
        message: `property \`${id === undefined ? 'id' : 'namespace'}\` is missing`,
        help: 'add it',
      };
      return Promise.reject(
        new Failure('flow.invalid', 'the flow is invalid', {
          details: { diagnostics: [diagnostic] },
        }),
      );
    }
    this.calls.push(`save ${namespace}/${id}`);
    const before = this.#sources.get(`${namespace}/${id}`);
    this.#sources.set(`${namespace}/${id}`, source);
    const flow = { id, namespace, source } as Flow;
    return Promise.resolve({ flow, revision: 1, isChanged: before !== source, warnings: [] });
  }

  flows(): ReturnType<Application['flows']> {
    return Promise.resolve(
      [...this.#sources].map(([name, source]) => {
        const [namespace = '', id = ''] = name.split('/');
        return { tenant: 'main', namespace, id, revision: 1, source, isDeleted: false, at: begin };
      }),
    );
  }

  async flow(namespace: string, id: string): ReturnType<Application['flow']> {
    return (await this.flows()).find((one) => one.namespace === namespace && one.id === id);
  }

  flowRevisions(): ReturnType<Application['flowRevisions']> {
    return this.flows();
  }

  start({ namespace, flowId, inputs, labels = [] }: StartRequest): Promise<string> {
    const phases = this.#script[flowId];
    this.calls.push(`start ${namespace}/${flowId} ${JSON.stringify(toPlain(inputs))}`);
    if (phases === undefined) {
      return Promise.reject(new Failure('flow.not-found', `there is no flow \`${flowId}\``));
    }
    this.#ids += 1;
    const id = `e${this.#ids}`;
    const document: ExecutionDocument = {
      id,
      namespace,
      flowId,
      flowRevision: 1,
      state: { current: 'CREATED', histories: [this.#history('CREATED')] },
      inputs: toPlain(inputs) as Record<string, unknown>,
      outputs: {},
      labels,
      originalId: id,
      taskRunList: [],
    };
    this.#executions.set(id, { document, phase: 0, rested: Promise.withResolvers() });
    this.#go(id);
    return Promise.resolve(id);
  }

  #history(state: string): { readonly state: string; readonly date: string } {
    this.#at += 250;
    return { state, date: new Date(this.#at).toISOString() };
  }

  #emit(id: string, event: Partial<ApplicationEvent> & Pick<ApplicationEvent, 'kind' | 'state'>) {
    const { namespace, flowId } = this.#running(id).document;
    const full = { executionId: id, at: this.#at, namespace, flowId, ...event };
    for (const listener of this.#listeners) listener(full);
  }

  #running(id: string): Running {
    const found = this.#executions.get(id);
    if (found === undefined) {
      throw new Failure('execution.not-found', `there is no execution \`${id}\``);
    }
    return found;
  }

  #to(id: string, state: string): void {
    const running = this.#running(id);
    const { document } = running;
    const histories = [...document.state.histories, this.#history(state)];
    running.document = { ...document, state: { current: state, histories } };
    this.#emit(id, { kind: 'execution-state', state });
  }

  /** Plays the next phase of an execution. */
  #go(id: string): void {
    const running = this.#running(id);
    const phase = this.#script[running.document.flowId]?.[running.phase];
    if (phase === undefined) throw new Error(`the script of ${id} has no further phase`);
    this.#to(id, 'RUNNING');
    for (const run of phase.runs) this.#play(id, run);
    if (phase.isEndless === true) return;
    running.document = {
      ...running.document,
      outputs: phase.outputs ?? {},
      ...(phase.error === undefined ? {} : { error: { message: phase.error } }),
    };
    this.#to(id, phase.state);
    running.rested.resolve();
  }

  #play(id: string, run: ScriptedRun): void {
    const running = this.#running(id);
    const runId = `${id}-${run.taskId}${run.value === undefined ? '' : `-${run.value}`}`;
    const place = {
      taskRunId: runId,
      taskId: run.taskId,
      ...(run.parent === undefined ? {} : { parentTaskRunId: `${id}-${run.parent}` }),
      ...(run.value === undefined ? {} : { value: run.value }),
    };
    const histories = run.states.map((state) => {
      const history = this.#history(state);
      this.#emit(id, { kind: 'task-run-state', state, ...place });
      if (state === 'RUNNING' && run.log !== undefined) {
        this.#emit(id, { kind: 'log', state: 'INFO', message: run.log, ...place });
      }
      return history;
    });
    const document: TaskRunDocument = {
      id: runId,
      taskId: run.taskId,
      ...(run.parent === undefined ? {} : { parentTaskRunId: `${id}-${run.parent}` }),
      ...(run.value === undefined ? {} : { value: run.value }),
      state: { current: run.states.at(-1) ?? 'CREATED', histories },
      attempts: [],
      outputs: run.outputs ?? {},
    };
    const others = running.document.taskRunList.filter((one) => one.id !== runId);
    running.document = { ...running.document, taskRunList: [...others, document] };
  }

  async rest(executionId: string): Promise<ExecutionDocument> {
    await this.#running(executionId).rested.promise;
    return this.#running(executionId).document;
  }

  restPromoted(): Promise<void> {
    return Promise.resolve();
  }

  execution(id: string): ReturnType<Application['execution']> {
    return Promise.resolve(this.#executions.get(id)?.document);
  }

  executions(
    query: Parameters<Application['executions']>[0],
  ): ReturnType<Application['executions']> {
    this.calls.push(`executions ${JSON.stringify(query)}`);
    const all = [...this.#executions.values()].reverse().map(({ document }) => ({
      tenant: 'main',
      id: document.id,
      namespace: document.namespace,
      flowId: document.flowId,
      revision: 1,
      state: document.state.current,
      createdAt: begin,
      startedAt: begin,
      endedAt: begin + 1500,
      originalId: document.id,
      parentId: null,
      causedBy: null,
      holdsSlot: false,
      isUnderWay: false,
      labels: {},
      document: '{}',
    }));
    const wanted = all.filter(({ state }) => query.states?.includes(state) ?? true);
    return Promise.resolve(wanted.slice(0, query.limit));
  }

  logs(query: Parameters<Application['logs']>[0]): ReturnType<Application['logs']> {
    this.calls.push(`logs ${JSON.stringify(query)}`);
    return Promise.resolve([
      {
        tenant: 'main',
        at: begin,
        level: 'INFO',
        namespace: 'demo',
        flowId: 'hello',
        executionId: query.executionId ?? '',
        taskRunId: 'r1',
        taskId: 'greet',
        attempt: 0,
        message: 'hello\nworld',
      },
    ]);
  }

  #wake(id: string): void {
    const running = this.#running(id);
    running.phase += 1;
    running.rested = Promise.withResolvers();
    this.#go(id);
  }

  #refuse(id: string, what: string): Promise<never> {
    const { current } = this.#running(id).document.state;
    return Promise.reject(
      new Failure('execution.wrong-state', `execution \`${id}\` is ${current}, not ${what}`),
    );
  }

  async resume(id: string, inputs: Readonly<Record<string, Value>>): Promise<void> {
    this.calls.push(`resume ${id} ${JSON.stringify(toPlain(inputs))}`);
    if (this.#running(id).document.state.current !== 'PAUSED') return this.#refuse(id, 'PAUSED');
    this.#wake(id);
  }

  async answer(
    id: string,
    given: { readonly answer: string; readonly outputs?: Readonly<Record<string, Value>> },
  ): Promise<void> {
    this.calls.push(`answer ${id} ${given.answer} ${JSON.stringify(toPlain(given.outputs ?? {}))}`);
    if (this.#running(id).document.state.current !== 'PAUSED') return this.#refuse(id, 'PAUSED');
    this.#wake(id);
  }

  async pause(id: string): Promise<void> {
    this.calls.push(`pause ${id}`);
    if (this.#running(id).document.state.current !== 'RUNNING') return this.#refuse(id, 'RUNNING');
    this.#to(id, 'PAUSED');
  }

  async kill(id: string): Promise<void> {
    this.calls.push(`kill ${id}`);
    const running = this.#running(id);
    if (!['RUNNING', 'PAUSED'].includes(running.document.state.current)) {
      return this.#refuse(id, 'running');
    }
    this.#to(id, 'KILLED');
    running.rested.resolve();
  }

  async restart(id: string, options = {}): Promise<string> {
    this.calls.push(`restart ${id} ${JSON.stringify(options)}`);
    if (this.#running(id).document.state.current !== 'FAILED') return this.#refuse(id, 'FAILED');
    this.#wake(id);
    return id;
  }

  async replay(id: string, options = {}): Promise<string> {
    this.calls.push(`replay ${id} ${JSON.stringify(options)}`);
    const { namespace, flowId } = this.#running(id).document;
    return await this.start({ namespace, flowId, inputs: {} });
  }

  recover(): Promise<readonly string[]> {
    return Promise.resolve([...this.#executions.keys()]);
  }

  keyValues(namespace: string): ReturnType<Application['keyValues']> {
    const name = (key: string) => `${namespace}/${key}`;
    return {
      namespace,
      get: (key) => {
        const value = this.pairs.get(name(key));
        const marked: Marked | undefined =
          value === undefined ? undefined : { value, marks: { own: plain } };
        return Promise.resolve(marked);
      },
      set: (key, { value }, options) => {
        this.calls.push(`set ${name(key)} ${JSON.stringify(options)}`);
        this.pairs.set(name(key), value);
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(this.pairs.delete(name(key))),
      list: (prefix = '') =>
        Promise.resolve(
          [...this.pairs.keys()]
            .filter((one) => one.startsWith(name(prefix)))
            .map((one) => ({
              key: one.slice(namespace.length + 1),
              type: 'STRING' as const,
              createdAt: new Date(begin).toISOString(),
              updatedAt: new Date(begin).toISOString(),
            })),
        ),
    };
  }

  namespaceFiles(namespace: string): ReturnType<Application['namespaceFiles']> {
    const name = (path: string) => `${namespace}/${path}`;
    const uri = (path: string) => `kestra:///${namespace}/_files/${path}`;
    return {
      namespace,
      put: (path, content) => {
        this.#files.set(name(path), Buffer.from(content));
        return Promise.resolve(uri(path));
      },
      read: (path) => {
        const found = this.#files.get(name(path));
        return found === undefined
          ? Promise.reject(new Failure('file.not-found', `there is no file \`${path}\``))
          : Promise.resolve(found);
      },
      exists: (path) => Promise.resolve(this.#files.has(name(path))),
      delete: (path) => Promise.resolve(this.#files.delete(name(path))),
      list: () =>
        Promise.resolve(
          [...this.#files.keys()]
            .filter((one) => one.startsWith(name('')))
            .map((one) => one.slice(namespace.length + 1)),
        ),
      uri,
      provenance: () => Promise.resolve(plain),
    };
  }

  readFile(uri: string): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(`bytes of ${uri}`));
  }

  follow(listener: (event: ApplicationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** Returns a catalogue of `entries`. */
export function catalogueOf(entries: readonly TypeEntry[]): TypeCatalogue {
  return {
    find: (type) => {
      const entry = entries.find((one) => one.type === type);
      return entry === undefined ? undefined : { entry, isAlias: false };
    },
    all: () => entries,
  };
}
