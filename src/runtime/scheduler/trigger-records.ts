/**
 * How a trigger stands: when it fired last, when it fires next, how far it has listened, whether somebody
 * switched it off. A record of a register, written in the same write as the execution it starts.
 *
 * INVARIANT: of two processes that fire one trigger at once, one writes first and the other has not fired.
 */
import type { Trigger } from '../../core/flow/index.ts';
import {
  decodeValue,
  emptyMap,
  encodeValue,
  isMap,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import type { Rider, RunLoopParts } from '../run-loop/index.ts';

/** Which trigger. */
export interface TriggerPlace {
  readonly namespace: string;
  readonly flowId: string;
  readonly trigger: Trigger;
}

/** A place in what is listened to: an entry of the ledger, and which of the states at it. */
export interface HeardPlace {
  readonly seq: number;
  readonly part: number;
}

/** What went wrong when a trigger was to fire. */
export interface TriggerTrouble {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
  /** How often in a row. */
  readonly count: number;
}

/** Past dates of a schedule that are walked through, in order. Times are epoch milliseconds. */
export interface Backfill {
  readonly start: number;
  /** The last date is no later. */
  readonly end: number;
  /** The date that comes next. */
  readonly current: number;
  readonly isPaused: boolean;
  /** In place of those of the trigger, input by input. */
  readonly inputs: ValueMap;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  /** How many dates were walked through, and how many there are; undefined where there are very many. */
  readonly done: number;
  readonly total?: number;
}

/** How a trigger stands. */
export interface TriggerState {
  /** Version of the record; 0 when there is none. */
  readonly version: number;
  /** Epoch milliseconds of the last date that was taken. */
  readonly firedAt?: number | undefined;
  readonly nextAt?: number | undefined;
  readonly executionId?: string | undefined;
  readonly isDisabled: boolean;
  /** What it was computed from; another schedule is computed anew. */
  readonly schedule: string;
  /** How far a Flow trigger has listened. */
  readonly heard?: HeardPlace | undefined;
  /** Epoch milliseconds: windows that ended until then were looked at. */
  readonly missedUntil?: number | undefined;
  /** Whether what a trigger asks for was so when it asked last. */
  readonly held?: boolean | undefined;
  /** Past dates that are walked through; those of the schedule wait meanwhile. */
  readonly backfill?: Backfill | undefined;
  /** What went wrong last; undefined once it went well. */
  readonly trouble?: TriggerTrouble | undefined;
}

const kind = 'trigger';
/** The register of what gathers for triggers. */
export const windowKind = 'trigger-window';
const windowsMax = 100;

/** Returns the name of a trigger: `namespace/flow/id`. */
export function nameOf({ namespace, flowId, trigger }: TriggerPlace): string {
  return `${namespace}/${flowId}/${trigger.id}`;
}

function numberIn(document: ValueMap, key: string): number | undefined {
  const value = document[key];
  return typeof value === 'number' ? value : undefined;
}

function textIn(document: ValueMap, key: string): string | undefined {
  const value = document[key];
  return typeof value === 'string' ? value : undefined;
}

function mapIn(document: ValueMap, key: string): ValueMap | undefined {
  const value = document[key];
  return isMap(value) ? value : undefined;
}

function stateOf(record: RegisterRecord | undefined): TriggerState {
  const value = record === undefined ? undefined : decodeValue(record.document);
  const document = isMap(value) ? value : emptyMap();
  return {
    version: record?.version ?? 0,
    firedAt: numberIn(document, 'firedAt'),
    nextAt: numberIn(document, 'nextAt'),
    executionId: textIn(document, 'executionId'),
    isDisabled: document['isDisabled'] === true,
    schedule: textIn(document, 'schedule') ?? '',
    heard: mapIn(document, 'heard') as HeardPlace | undefined,
    missedUntil: numberIn(document, 'missedUntil'),
    held: typeof document['held'] === 'boolean' ? document['held'] : undefined,
    backfill: mapIn(document, 'backfill') as Backfill | undefined,
    trouble: mapIn(document, 'trouble') as TriggerTrouble | undefined,
  };
}

/** Returns how a trigger stands. */
export async function readTrigger(
  { store, tenant }: RunLoopParts,
  place: TriggerPlace,
): Promise<TriggerState> {
  return stateOf(await store.registerRecord({ tenant, kind, id: nameOf(place) }));
}

/** A change of how a trigger stands, as it is written. */
export interface TriggerChange {
  readonly place: TriggerPlace;
  readonly state: TriggerState;
  /** What happened: `trigger-fired`. */
  readonly type: string;
  /** What the entry says beside. */
  readonly more?: Readonly<Record<string, Value>>;
  /** Records that are written with it. */
  readonly records?: readonly RegisterRecord[];
}

function documentOf({ version: _version, ...rest }: TriggerState): ValueMap {
  const document = emptyMap();
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined) document[key] = value as Value;
  }
  return document;
}

/** Returns what is written for a change. */
function writeOf(
  { tenant, clock, actor }: RunLoopParts,
  { place, state, type, more, records = [] }: TriggerChange,
): { readonly entries: readonly NewEntry[]; readonly registerRecords: readonly RegisterRecord[] } {
  const id = nameOf(place);
  const document = documentOf(state);
  const payload = encodeValue(Object.assign(emptyMap(), document, more));
  const entry = { tenant, at: clock.now(), stream: `trigger:${id}`, type, actor, payload };
  const keys = { flow: `${place.namespace}/${place.flowId}` };
  return {
    entries: [entry],
    registerRecords: [
      { tenant, kind, id, version: state.version + 1, keys, document: encodeValue(document) },
      ...records,
    ],
  };
}

/** Writes how a trigger stands, with the entry that says why; throws `store.conflict` when another did. */
export async function writeTrigger(
  parts: RunLoopParts,
  change: TriggerChange,
): Promise<TriggerState> {
  await parts.committer.commit(writeOf(parts, change));
  return { ...change.state, version: change.state.version + 1 };
}

/** Returns what is written with the creation of the execution that a trigger starts. */
export function riderOf(
  parts: RunLoopParts,
  change: Omit<TriggerChange, 'type'>,
): (executionId: string) => Rider {
  return (executionId) => {
    const { place, state } = change;
    const fired = { ...state, executionId, trouble: undefined };
    const written = writeOf(parts, { ...change, state: fired, type: 'trigger-fired' });
    return {
      ...written,
      isCurrent: async () => (await readTrigger(parts, place)).version === state.version,
      over: () => undefined,
    };
  };
}

/** Forgets everything that is known of a trigger. */
export async function forgetTrigger(
  { tenant, store, committer, clock, actor }: RunLoopParts,
  place: TriggerPlace,
  state: TriggerState,
): Promise<void> {
  const id = nameOf(place);
  const key = { name: 'trigger', value: id };
  const windows = await store.registerRecords({ tenant, kind: windowKind, key, limit: windowsMax });
  const own = state.version === 0 ? [] : [{ tenant, kind, id }];
  const at = clock.now();
  const payload = encodeValue(documentOf(state));
  await committer.commit({
    entries: [{ tenant, at, stream: `trigger:${id}`, type: 'trigger-forgotten', actor, payload }],
    removedRegisterRecords: [
      ...own,
      ...windows.map((one) => ({ tenant, kind: windowKind, id: one.id })),
    ],
  });
}

/** Enters something about a trigger that changes nothing of how it stands. */
export async function noteOnTrigger(
  { tenant, committer, clock, actor }: RunLoopParts,
  place: TriggerPlace,
  type: string,
  payload: ValueMap,
): Promise<void> {
  const stream = `trigger:${nameOf(place)}`;
  const entry = { tenant, at: clock.now(), stream, type, actor, payload: encodeValue(payload) };
  await committer.commit({ entries: [entry] });
}
