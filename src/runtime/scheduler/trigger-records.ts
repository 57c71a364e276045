/**
 * How a trigger stands: when it fired last, when it fires next, whether somebody switched it off. A record
 * of a register, so that two processes never fire one date twice: the one that writes first has it.
 */
import type { Trigger } from '../../core/flow/index.ts';
import {
  decodeValue,
  emptyMap,
  encodeValue,
  isMap,
  type ValueMap,
} from '../../core/value/index.ts';
import type { RegisterRecord } from '../../ports/store.ts';
import type { RunLoopParts } from '../run-loop/index.ts';

/** Which trigger. */
export interface TriggerPlace {
  readonly namespace: string;
  readonly flowId: string;
  readonly trigger: Trigger;
}

/** How a trigger stands. */
export interface TriggerState {
  /** Version of the record; 0 when there is none. */
  readonly version: number;
  /** Epoch milliseconds of the last date that was taken. */
  readonly firedAt: number | undefined;
  readonly nextAt: number | undefined;
  readonly executionId: string | undefined;
  /** A date that was taken and whose execution is not known to exist. */
  readonly pendingAt: number | undefined;
  readonly isDisabled: boolean;
  /** What it was computed from; another schedule is computed anew. */
  readonly schedule: string;
}

const kind = 'trigger';

function idOf({ namespace, flowId, trigger }: TriggerPlace): string {
  return `${namespace}/${flowId}/${trigger.id}`;
}

function numberIn(document: ValueMap, key: string): number | undefined {
  const value = document[key];
  return typeof value === 'number' ? value : undefined;
}

function stateOf(record: RegisterRecord | undefined): TriggerState {
  const value = record === undefined ? undefined : decodeValue(record.document);
  const document = isMap(value) ? value : emptyMap();
  const { executionId, schedule } = document;
  return {
    version: record?.version ?? 0,
    firedAt: numberIn(document, 'firedAt'),
    nextAt: numberIn(document, 'nextAt'),
    pendingAt: numberIn(document, 'pendingAt'),
    executionId: typeof executionId === 'string' ? executionId : undefined,
    isDisabled: document['isDisabled'] === true,
    schedule: typeof schedule === 'string' ? schedule : '',
  };
}

/** Returns how a trigger stands. */
export async function readTrigger(
  { store, tenant }: RunLoopParts,
  place: TriggerPlace,
): Promise<TriggerState> {
  return stateOf(await store.registerRecord({ tenant, kind, id: idOf(place) }));
}

/** Writes how a trigger stands, with the entry that says why; throws `store.conflict` when another did. */
export async function writeTrigger(
  { tenant, clock, committer, actor }: RunLoopParts,
  place: TriggerPlace,
  state: TriggerState,
  type: string,
): Promise<TriggerState> {
  const { version, ...rest } = state;
  const document = emptyMap();
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) document[key] = value;
  const id = idOf(place);
  await committer.commit({
    entries: [
      {
        tenant,
        at: clock.now(),
        stream: `trigger:${id}`,
        type,
        actor,
        payload: encodeValue(document),
      },
    ],
    registerRecords: [
      {
        tenant,
        kind,
        id,
        version: version + 1,
        keys: { flow: `${place.namespace}/${place.flowId}` },
        document: encodeValue(document),
      },
    ],
  });
  return { ...state, version: version + 1 };
}
