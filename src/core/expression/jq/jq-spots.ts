/** What runs through a jq program: results with their paths, and what names mean. */
import type { Value } from '../../value/index.ts';
import { readKey } from './jq-paths.ts';
import type { JqDefinition, JqNode } from './jq-syntax.ts';

/** A value, and its path in the input where paths are followed. */
export interface Spot {
  readonly value: Value;
  readonly path: readonly Value[] | null;
}

/** Takes a result. */
export type Emit = (spot: Spot) => void;

/** What a name means at some place of a program. */
export type Environment =
  | null
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly value: Value;
      readonly outer: Environment;
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly definition: JqDefinition;
      readonly outer: Environment;
    }
  | {
      readonly kind: 'argument';
      readonly name: string;
      readonly body: JqNode;
      readonly home: Environment;
      readonly outer: Environment;
    };

/** Returns a result that has no path. */
export function plainSpot(value: Value): Spot {
  return { value, path: null };
}

/** Returns what stands in a result under `key`. */
export function stepInto(of: Spot, key: Value): Spot {
  return { value: readKey(of.value, key), path: of.path === null ? null : [...of.path, key] };
}
