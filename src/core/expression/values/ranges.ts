/** Ranges of whole numbers and letters, both ends included. */
import { isList, type Value } from '../../value/index.ts';
import type { Frame } from '../evaluation/frame.ts';
import { Stop, wrongArgument, wrongType } from '../stop.ts';
import { asIndex } from './numbers.ts';
import { kindOf } from './truth.ts';

/** Returns the list from `from` to `to`. */
export function listRange(from: Value, to: Value, step: number, frame: Frame): Value {
  if (step === 0) throw wrongArgument('the step of a range cannot be 0');
  if (isLetter(from) && isLetter(to)) {
    const codes = numbers(from.charCodeAt(0), to.charCodeAt(0), step, frame);
    return codes.map((code) => String.fromCharCode(code));
  }
  const first = typeof from === 'string' ? undefined : asIndex(from);
  const last = typeof to === 'string' ? undefined : asIndex(to);
  if (first === undefined || last === undefined || isList(from)) {
    throw wrongType(
      `a range from ${kindOf(from)} to ${kindOf(to)} is not possible`,
      'use two whole numbers or two letters',
    );
  }
  return numbers(first, last, step, frame);
}

function isLetter(value: Value): value is string {
  return typeof value === 'string' && value.length === 1;
}

function numbers(first: number, last: number, step: number, frame: Frame): number[] {
  // A range that runs backwards without a step counts down.
  const stride = step === 1 && last < first ? -1 : step;
  const count = Math.floor((last - first) / stride) + 1;
  if (count <= 0) return [];
  if (count > frame.limits.loopsMax) {
    throw new Stop('expression.loop-limit-reached', 'the range is too long', {
      help: `a range may have ${frame.limits.loopsMax} elements`,
    });
  }
  return Array.from({ length: count }, (_, index) => first + index * stride);
}
