/**
 * The parsed form of a template: expressions and the statements around them. Every node knows where
 * it stands (an offset) and how deep it is, so that no later step can run out of stack.
 */
import type { Value } from '../../value/index.ts';

/** Arguments of a call: first those by position, then those by name. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [name: string, value: Expression])[];
}

/** Operators with two operands that are calculated from both. */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'contains'
  | 'in'
  | 'not in'
  | '..'
  | 'and'
  | 'or'
  | '??'
  | '???';

/** What every node has. */
interface Place {
  readonly at: number;
  readonly depth: number;
}

/** An expression. */
export type Expression = Place &
  (
    | { readonly kind: 'literal'; readonly value: Value }
    | {
        readonly kind: 'join';
        readonly parts: readonly Expression[];
        /** True while a further `~` may extend it. */
        readonly isOpen: boolean;
      }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly key: Expression }
    | {
        readonly kind: 'method';
        readonly object: Expression;
        readonly name: string;
        readonly args: readonly Expression[];
      }
    | { readonly kind: 'call'; readonly name: string; readonly args: Arguments }
    | {
        readonly kind: 'filter';
        readonly input: Expression;
        readonly name: string;
        readonly args: Arguments;
      }
    | {
        readonly kind: 'test';
        readonly input: Expression;
        readonly name: string;
        readonly args: Arguments;
        readonly isNegated: boolean;
      }
    | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Expression;
        readonly whenTrue: Expression;
        readonly whenFalse: Expression;
      }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | {
        readonly kind: 'map';
        readonly entries: readonly (readonly [key: Expression, value: Expression])[];
      }
  );

/** A macro: a piece of template with parameters, which sees nothing but its arguments. */
export interface MacroNode {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly fallback: Expression | null }[];
  readonly body: readonly Statement[];
}

/** A filter named in a `filter` tag. */
export interface FilterStep {
  readonly name: string;
  readonly args: Arguments;
  readonly at: number;
}

/** A part of a template. */
export type Statement = { readonly at: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly expression: Expression; readonly source: string }
  | {
      readonly kind: 'if';
      readonly branches: readonly {
        readonly condition: Expression;
        readonly body: readonly Statement[];
      }[];
      readonly otherwise: readonly Statement[] | null;
    }
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly items: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[] | null;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'macro'; readonly macro: MacroNode }
  | { readonly kind: 'block'; readonly name: string; readonly body: readonly Statement[] }
  | {
      readonly kind: 'filter';
      readonly steps: readonly FilterStep[];
      readonly body: readonly Statement[];
    }
);

/** The deepest nesting of expressions, and of tags. */
export const syntaxDepthMax = 150;
