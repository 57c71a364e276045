/** Calls functions that need the world, through the host. */
import {
  emptyMap,
  flatten,
  joinMarks,
  joinProvenance,
  type Marks,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import { Failure } from '../../failure/index.ts';
import type { HostFunction } from '../contract.ts';
import { Stop, Wait, wrongArgument } from '../stop.ts';
import { didYouMean } from '../suggest.ts';
import type { Evaluate, Frame } from './frame.ts';

interface Given {
  readonly values: Record<string, Value | undefined>;
  readonly marks: Record<string, Marks>;
  all: Provenance;
}

/** Calls the host function `name` with arguments still to be calculated. */
export function callHost(
  frame: Frame,
  name: string,
  positional: readonly Evaluate[],
  named: readonly (readonly [string, Evaluate])[],
  at: number,
  known: readonly string[],
): Value {
  const found = frame.host.functions.get(name);
  if (found === undefined) {
    throw new Stop('expression.function-unknown', `the function \`${name}\` is unknown`, {
      name,
      at,
      help: didYouMean(
        name,
        [...known, ...frame.host.functions.keys()],
        'see the reference for the list of functions',
      ),
    });
  }
  frame.at = at;
  const given: Given = { values: emptyMap(), marks: emptyMap() as never, all: plain };
  positional.forEach((evaluate, index) => {
    const parameter = found.parameters[index];
    frame.at = at;
    if (parameter === undefined) throw tooMany(name, found);
    take(frame, given, parameter, evaluate);
  });
  for (const [parameter, evaluate] of named) {
    frame.at = at;
    if (!found.parameters.includes(parameter)) throw unknownArgument(name, parameter, found);
    take(frame, given, parameter, evaluate);
  }
  return askHost(frame, name, found, given, at);
}

function tooMany(name: string, found: HostFunction): Stop {
  return wrongArgument(
    `the function \`${name}\` is given too many arguments`,
    `it takes (${found.parameters.join(', ')})`,
  );
}

function unknownArgument(name: string, parameter: string, found: HostFunction): Stop {
  return wrongArgument(
    `the function \`${name}\` has no argument \`${parameter}\``,
    didYouMean(parameter, found.parameters, `it takes (${found.parameters.join(', ')})`),
  );
}

function take(frame: Frame, given: Given, parameter: string, evaluate: Evaluate): void {
  given.values[parameter] = evaluate(frame);
  const { marks } = frame;
  given.marks[parameter] = frame.path === plain ? marks : joinMarks(marks, frame.path);
  if (marks !== plainMarks) given.all = joinProvenance(given.all, flatten(marks));
  frame.marks = plainMarks;
}

/** Calls a host function with values at hand, in the order of its parameters. */
export function callHostWith(frame: Frame, name: string, ...values: readonly Value[]): Value {
  const { at, marks } = frame;
  const found = frame.host.functions.get(name);
  if (found === undefined) {
    throw new Stop(
      'expression.function-unknown',
      `the function \`${name}\` is not available here`,
      {
        name,
        at,
        help: 'run the expression where this function is offered',
      },
    );
  }
  const given: Given = {
    values: emptyMap(),
    marks: emptyMap() as never,
    all: flatten(marks),
  };
  values.forEach((value, index) => {
    const parameter = found.parameters[index] ?? `argument${index + 1}`;
    given.values[parameter] = value;
    given.marks[parameter] = joinMarks(marks, frame.path);
  });
  return askHost(frame, name, found, given, at);
}

function askHost(frame: Frame, name: string, found: HostFunction, given: Given, at: number): Value {
  frame.at = at;
  frame.tick();
  const place = frame.callCount;
  frame.callCount += 1;
  const answer = frame.hostCalls.answer(place, name, given.values, () =>
    found.call(given.values, given.marks),
  );
  if (answer.state === 'awaited') throw new Wait(answer.until);
  if (answer.state === 'refused') throw refused(name, answer.reason);
  const { value, marks } = answer.result;
  frame.marks = joinMarks(marks, given.all);
  return value;
}

function refused(name: string, reason: unknown): Stop {
  if (reason instanceof Stop) return reason;
  if (reason instanceof Failure) {
    return new Stop('expression.failed', `the function \`${name}\` failed: ${reason.message}`, {
      help: reason.help,
      cause: reason,
    });
  }
  return new Stop('expression.failed', `the function \`${name}\` failed`, {
    help: 'look at the log of the system for the reason',
    cause: reason,
  });
}
