/** The parsed form of a jq program. */
import type { Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';

/** What stands behind `as`: a variable, or variables taken out of a list or map. */
export type JqTarget =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly targets: readonly JqTarget[] }
  | {
      readonly kind: 'map';
      readonly entries: readonly {
        readonly key: JqNode;
        readonly target: JqTarget | null;
        readonly name: string | null;
      }[];
    };

/** A definition: `def name(parameters): body;`. A parameter that starts with `$` is given as a value. */
export interface JqDefinition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: JqNode;
}

/** A part of a jq program. */
export type JqNode =
  | { readonly kind: 'identity' | 'recurse-all' }
  | { readonly kind: 'literal'; readonly value: Value }
  | {
      readonly kind: 'text';
      readonly format: string | null;
      readonly parts: readonly (string | JqNode)[];
    }
  | { readonly kind: 'format'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly of: JqNode; readonly key: JqNode }
  | {
      readonly kind: 'slice';
      readonly of: JqNode;
      readonly from: JqNode | null;
      readonly to: JqNode | null;
    }
  | { readonly kind: 'iterate'; readonly of: JqNode }
  | {
      readonly kind: 'pipe' | 'comma' | 'alternative' | 'and' | 'or';
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | {
      readonly kind: 'operator';
      readonly operator: string;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | {
      readonly kind: 'assign';
      readonly operator: string;
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | { readonly kind: 'negate'; readonly operand: JqNode }
  | { readonly kind: 'list'; readonly inner: JqNode | null }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: JqNode, value: JqNode])[] }
  | {
      readonly kind: 'if';
      readonly condition: JqNode;
      readonly whenTrue: JqNode;
      readonly whenFalse: JqNode;
    }
  | { readonly kind: 'try'; readonly body: JqNode; readonly handler: JqNode | null }
  | {
      readonly kind: 'reduce';
      readonly source: JqNode;
      readonly target: JqTarget;
      readonly start: JqNode;
      readonly update: JqNode;
    }
  | {
      readonly kind: 'foreach';
      readonly source: JqNode;
      readonly target: JqTarget;
      readonly start: JqNode;
      readonly update: JqNode;
      readonly extract: JqNode | null;
    }
  | {
      readonly kind: 'bind';
      readonly source: JqNode;
      readonly target: JqTarget;
      readonly body: JqNode;
    }
  | { readonly kind: 'define'; readonly definition: JqDefinition; readonly body: JqNode }
  | { readonly kind: 'label'; readonly name: string; readonly body: JqNode }
  | { readonly kind: 'break'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly JqNode[] };

/** Returns the stop for text that is no jq program. */
export function wrongProgram(message: string): Stop {
  return new Stop('expression.argument-wrong', `the jq program is wrong: ${message}`, {
    help: 'mend the program; see the reference for the part of jq that is supported',
  });
}
