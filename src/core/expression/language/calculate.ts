/** Closures for operators, lists and maps: calculate the parts, then the whole and its marks. */
import {
  emptyMap,
  joinProvenance,
  type Marks,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import { keyText } from '../evaluation/access.ts';
import { type Evaluate, type Frame, mixedMarks, wholeMarks } from '../evaluation/frame.ts';
import { isEqual, orderOf } from '../values/comparisons.ts';
import { containsValue } from '../values/membership.ts';
import { add, multiply, subtract } from '../values/operators.ts';
import { listRange } from '../values/ranges.ts';
import { truthOf } from '../values/truth.ts';
import type { BinaryOperator } from './syntax.ts';

/** Counts what a call made. */
export function grown(frame: Frame, value: Value): Value {
  if (typeof value === 'string') frame.grow(value.length);
  else if (Array.isArray(value)) frame.grow(value.length);
  return value;
}

type Calculation = (a: Value, b: Value, frame: Frame) => Value;

/** What the operators calculate. */
export const calculations: Readonly<
  Record<Exclude<BinaryOperator, 'and' | 'or' | '??' | '???'>, Calculation>
> = {
  '+': (a, b, frame) => grown(frame, add(a, b)),
  '-': subtract,
  '*': (a, b) => multiply('*', a, b),
  '/': (a, b) => multiply('/', a, b),
  '%': (a, b) => multiply('%', a, b),
  '==': (a, b) => isEqual(a, b),
  '!=': (a, b) => !isEqual(a, b),
  '<': (a, b) => orderOf(a, b, '<') < 0,
  '>': (a, b) => orderOf(a, b, '>') > 0,
  '<=': (a, b) => orderOf(a, b, '<=') <= 0,
  '>=': (a, b) => orderOf(a, b, '>=') >= 0,
  contains: (a, b) => containsValue(a, b),
  in: (a, b) => containsValue(b, a),
  'not in': (a, b) => !containsValue(b, a),
  '..': (a, b, frame) => grown(frame, listRange(a, b, 1, frame)),
};

/** Calculates from both sides; the result has the marks of both. */
export function both(
  left: Evaluate,
  right: Evaluate,
  at: number,
  calculate: Calculation,
): Evaluate {
  return (frame) => {
    const a = left(frame);
    const marks = frame.marks;
    frame.marks = plainMarks;
    const b = right(frame);
    if (marks !== plainMarks || frame.marks !== plainMarks) {
      frame.marks = mixedMarks(marks, frame.marks);
    }
    frame.at = at;
    return calculate(a, b, frame);
  };
}

/** `and` and `or`; the right side is not calculated when the left decides. */
export function logical(left: Evaluate, right: Evaluate, isOr: boolean, at: number): Evaluate {
  return (frame) => {
    const a = left(frame);
    frame.at = at;
    frame.marks = wholeMarks(frame.marks);
    if (truthOf(a) === isOr) return isOr;
    const { marks, path } = frame;
    frame.marks = plainMarks;
    if (marks !== plainMarks) frame.path = joinProvenance(path, marks.own);
    const b = right(frame);
    frame.path = path;
    if (marks !== plainMarks || frame.marks !== plainMarks) {
      frame.marks = mixedMarks(marks, frame.marks);
    }
    frame.at = at;
    return truthOf(b);
  };
}

/** Calculates the elements of a list that is written out; each keeps its marks. */
export function listFrom(evaluates: readonly Evaluate[]): Evaluate {
  return (frame) => {
    const list: Value[] = [];
    let parts: [string, Marks][] | null = null;
    for (const evaluate of evaluates) {
      list.push(evaluate(frame));
      if (frame.marks !== plainMarks) {
        parts ??= [];
        parts.push([String(list.length - 1), frame.marks]);
        frame.marks = plainMarks;
      }
    }
    if (parts !== null) frame.marks = marksOfParts(parts);
    return list;
  };
}

/** Calculates the entries of a map that is written out; each keeps its marks, the keys mark the shape. */
export function mapFrom(
  evaluates: readonly (readonly [key: Evaluate, value: Evaluate])[],
): Evaluate {
  return (frame) => {
    const map = emptyMap();
    const parts: [string, Marks][] = [];
    let shape: Provenance = plain;
    for (const [key, value] of evaluates) {
      const name = keyText(key(frame));
      if (frame.marks !== plainMarks) shape = joinProvenance(shape, frame.takeProvenance());
      map[name] = value(frame);
      if (frame.marks !== plainMarks) {
        parts.push([name, frame.marks]);
        frame.marks = plainMarks;
      }
    }
    if (parts.length > 0 || shape !== plain) frame.marks = marksOfParts(parts, shape);
    return map;
  };
}
