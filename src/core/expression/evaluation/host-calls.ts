/**
 * What host functions answered during one evaluation. A template that has to wait is evaluated again
 * from the start; each call, recognised by its place, name and arguments, then finds its answer here.
 *
 * INVARIANT: within one evaluation a call is made once, however often the template is evaluated again.
 */
import type { Marked, Value } from '../../value/index.ts';
import { isEqual } from '../values/comparisons.ts';

/** The arguments of a call by name. */
export type NamedArguments = Readonly<Record<string, Value | undefined>>;

/** How a call ended, or that it has not. */
export type Answer =
  | { readonly state: 'given'; readonly result: Marked }
  | { readonly state: 'refused'; readonly reason: unknown }
  | { readonly state: 'awaited'; readonly until: Promise<unknown> };

interface Call {
  readonly name: string;
  readonly args: NamedArguments;
  answer: Answer;
}

function isSame(a: NamedArguments, b: NamedArguments): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const left = a[key];
    const right = b[key];
    if (left === undefined || right === undefined) return left === right;
    return typeof left === typeof right && isEqual(left, right);
  });
}

/** The calls of one evaluation, in order. */
export class HostCalls {
  private readonly calls: Call[] = [];
  private readonly inner: HostCalls[] = [];
  private innerCount = 0;

  /** Begins a new try of an evaluation that consists of several templates. */
  restart(): void {
    this.innerCount = 0;
  }

  /** Returns the calls of the next template of such an evaluation. */
  next(): HostCalls {
    const known = this.inner[this.innerCount];
    this.innerCount += 1;
    if (known !== undefined) return known;
    const calls = new HostCalls();
    this.inner.push(calls);
    return calls;
  }

  /** Returns the answer to the call at `place`, making the call when it was not made yet. */
  answer(
    place: number,
    name: string,
    args: NamedArguments,
    make: () => Marked | Promise<Marked>,
  ): Answer {
    const known = this.calls[place];
    if (known !== undefined && known.name === name && isSame(known.args, args)) {
      return known.answer;
    }
    this.calls.length = place;
    const call: Call = { name, args, answer: { state: 'awaited', until: Promise.resolve() } };
    this.calls.push(call);
    call.answer = this.begin(call, make);
    return call.answer;
  }

  private begin(call: Call, make: () => Marked | Promise<Marked>): Answer {
    try {
      const made = make();
      if (!(made instanceof Promise)) return { state: 'given', result: made };
      const until = made.then(
        (result) => {
          call.answer = { state: 'given', result };
        },
        (reason: unknown) => {
          call.answer = { state: 'refused', reason };
        },
      );
      return { state: 'awaited', until };
    } catch (reason) {
      return { state: 'refused', reason };
    }
  }
}
