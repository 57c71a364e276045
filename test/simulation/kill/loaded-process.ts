/**
 * A process under load over a data folder, made to be killed: it takes up what its predecessor left,
 * starts executions, resumes and kills some, and notes in a file outside of the data folder what it was
 * told is durable. In mode `drain` it starts nothing and ends when everything has ended.
 *
 * INVARIANT: a note is written after the promise it notes was kept, with one append that no kill can tear.
 */
import {
  appendFileSync,
  existsSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import type { Application } from '../../../src/app/application.ts';
import { createApplication } from '../../../src/app/create-application.ts';
import { Failure } from '../../../src/core/failure/index.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type Effect, taskTypesWith } from '../outside-tasks.ts';
import { createSeeded, type Seeded } from '../seeded.ts';
import { lostTroubles, type OutsideRecord, readOutside } from './survivors.ts';
import { loadFlows, loadNamespace, started } from './load-flows.ts';

const [dataFolder = '', outsideFolder = '', seed = '0', mode = 'load'] = process.argv.slice(2);
const startsMax = 12;
const underWayMax = 8;

const notes = openSync(join(outsideFolder, 'notes.jsonl'), 'a');
const note = (what: object): void => void writeSync(notes, `${JSON.stringify(what)}\n`);

const takenBefore = new Map<string, number>();
function take(effect: Effect): Promise<void> {
  appendFileSync(join(outsideFolder, 'effects.jsonl'), `${JSON.stringify(effect)}\n`);
  takenBefore.set(effect.key, (takenBefore.get(effect.key) ?? 0) + 1);
  return Promise.resolve();
}

/** Returns `store` with a note of the last entry of each commit that was answered. */
function noting(store: Store): Store {
  const commit: Store['commit'] = async (writes) => {
    const result = await store.commit(writes);
    if (writes.length > 0) {
      const [last] = await store.sealedEntries(result.lastSeq - 1, 1);
      if (last !== undefined) {
        note({ seq: last.seq, header: hash('sha256', last.header, 'hex') });
      }
    }
    return result;
  };
  return Object.defineProperties({ ...store, commit } as Store, {
    commitCount: { get: () => store.commitCount },
  });
}

const unfinished = [
  'CREATED',
  'RUNNING',
  'PAUSED',
  'QUEUED',
  'KILLING',
  'RETRYING',
  'RESTARTED',
  'FAILING',
];

/** Lets what may have moved on meanwhile be so: a person sees states that are a moment old. */
async function tried(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'execution.wrong-state') throw error;
  }
}

/** Lets a paused execution go on: resumes it, or answers what it asks about a lost attempt. */
async function letGoOn(application: Application, id: string, chance: Seeded): Promise<void> {
  try {
    await application.resume(id, {});
    note({ resumed: id });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'execution.answer-missing') {
      const answer = chance.oneIn(2) ? 'retry' : 'fail';
      await tried(application.answer(id, { answer }));
      note({ answered: id });
    } else if (error.code !== 'execution.wrong-state') throw error;
  }
}

const restarted = new Set<string>();

async function actAsPeople(application: Application, chance: Seeded): Promise<boolean> {
  const open = await application.executions({ states: unfinished, limit: 200 });
  for (const { id, state, flowId } of open) {
    const isWaiting = state === 'PAUSED' && flowId !== 'timed';
    if (isWaiting && (mode === 'drain' || chance.oneIn(3))) {
      await letGoOn(application, id, chance);
    } else if (mode === 'load' && chance.oneIn(40)) {
      await tried(application.kill(id));
      note({ killed: id });
    }
  }
  if (mode === 'drain') return open.length > 0;
  const [failed] = await application.executions({ states: ['FAILED'], limit: 1 });
  if (failed !== undefined && chance.oneIn(4) && !restarted.has(failed.id)) {
    restarted.add(failed.id);
    note({ restarted: failed.id });
    if (failed.causedBy === null) await tried(application.restart(failed.id));
  }
  return true;
}

async function startSome(
  application: Application,
  chance: Seeded,
  before: number,
): Promise<number> {
  const open = await application.executions({ states: unfinished, limit: 200 });
  const own = open.filter(({ causedBy }) => causedBy === null);
  let count = before;
  for (let under = own.length; under < underWayMax && count < startsMax; under += 1) {
    count += 1;
    const flowId = chance.pick(started);
    const id = await application.start({ namespace: loadNamespace, flowId, inputs: {} });
    note({ started: id, flowId });
  }
  return count;
}

/** Looks whether everything that was noted since the last look is there. */
async function checkSurvivors(surviving: Store): Promise<void> {
  const mark = join(outsideFolder, 'checked.json');
  const from = existsSync(mark)
    ? (JSON.parse(readFileSync(mark, 'utf8')) as OutsideRecord['read'])
    : undefined;
  const outside = readOutside(outsideFolder, from);
  const troubles = await lostTroubles(surviving, outside);
  if (troubles.length > 0) {
    appendFileSync(join(outsideFolder, 'troubles.txt'), `${troubles.join('\n')}\n`);
  }
  writeFileSync(mark, JSON.stringify(outside.read));
}

const refuses = ({ key }: Effect, failures: number): boolean =>
  (takenBefore.get(key) ?? 0) <= failures;

const chance = createSeeded(seed);
const store = await openSqliteStore({
  sealer: createSystemSealer(),
  path: join(dataFolder, 'sluice.db'),
});
await checkSurvivors(store);
const application = await createApplication({
  dataFolder,
  environment: {},
  store: noting(store),
  taskTypes: taskTypesWith({ take, refuses }),
});
application.follow(({ kind, executionId, state, taskRunId }) => {
  if (kind !== 'log')
    note({ seen: executionId, state, ...(taskRunId !== undefined && { taskRunId }) });
});
for (const flow of loadFlows(join(outsideFolder, 'scripts.txt'))) {
  await application.saveFlow(flow, 'load.yaml');
}
await application.recover();
note({ ready: process.pid });
let count = 0;
for (;;) {
  if (mode === 'load') count = await startSome(application, chance, count);
  if (!(await actAsPeople(application, chance))) break;
  await sleep(10);
}
await application.close();
