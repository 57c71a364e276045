/**
 * Policies in slices: for each kind of principal, action and resource type only those that may decide
 * about it. Most questions meet fewer than ten of a hundred policies.
 */
import { hash } from 'node:crypto';
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarPolicy } from './read-policies.ts';
import { type Projection, projectionOf } from './cedar-request.ts';
import { joinReads } from './condition-reads.ts';

/** The policies that may decide about some questions. */
export interface Slice {
  /** Digest of what is in it: the same policies are the same slice. */
  readonly id: string;
  /** The policies that decide, by id. */
  readonly enforced: Readonly<Record<string, PolicyJson>>;
  /** Those that permit; asked alone where only obligations stand against a yes. */
  readonly permits: Readonly<Record<string, PolicyJson>>;
  /** All, those in observe mode included; absent when there is none of these. */
  readonly observed?: Readonly<Record<string, PolicyJson>>;
  readonly observedPermits?: Readonly<Record<string, PolicyJson>>;
  readonly projection: Projection;
}

/** Finds the slice of a question; the keys are action, resource type, principal type. */
export type SliceIndex = ReadonlyMap<string, Slice>;

/** Returns the key of a slice. */
export function sliceKey(action: string, resource: string, principal: string): string {
  return `${action} ${resource} ${principal}`;
}

/** The slice has chosen the action already, also where the policy names a group of actions. */
function inSlice(policies: readonly CedarPolicy[]): Readonly<Record<string, PolicyJson>> {
  return Object.fromEntries(
    policies.map(({ entry, json }) => [entry.id, { ...json, action: { op: 'All' } as const }]),
  );
}

function sliceOf(policies: readonly CedarPolicy[]): Slice {
  const enforced = policies.filter(({ entry }) => entry.mode === 'enforce');
  const permitting = policies.filter(({ entry }) => entry.effect === 'permit');
  const observed = { observed: inSlice(policies), observedPermits: inSlice(permitting) };
  const parts = policies.map(({ entry }) => [entry.id, entry.mode, entry.text]);
  return {
    id: hash('sha256', JSON.stringify(parts), 'hex').slice(0, 16),
    enforced: inSlice(enforced),
    permits: inSlice(permitting.filter(({ entry }) => entry.mode === 'enforce')),
    ...(enforced.length === policies.length ? {} : observed),
    projection: projectionOf(joinReads(policies.map(({ reads }) => reads))),
  };
}

/** Returns `policies` in slices for the resource types of each action and for each type of principal. */
export function slicePolicies(
  policies: readonly CedarPolicy[],
  resources: ReadonlyMap<string, readonly string[]>,
  principals: readonly string[],
): SliceIndex {
  const index = new Map<string, Slice>();
  const known = new Map<string, Slice>();
  const ordered = policies.toSorted((a, b) => (a.entry.id < b.entry.id ? -1 : 1));
  for (const [action, types] of resources) {
    const ofAction = ordered.filter(({ entry }) => entry.actions.includes(action));
    for (const type of types) {
      const ofType = ofAction.filter(({ entry }) => entry.resources.includes(type));
      for (const principal of principals) {
        const chosen = ofType.filter((one) => one.principals.includes(principal));
        const ids = chosen.map(({ entry }) => entry.id).join(' ');
        const slice = known.get(ids) ?? sliceOf(chosen);
        known.set(ids, slice);
        index.set(sliceKey(action, type, principal), slice);
      }
    }
  }
  return index;
}
