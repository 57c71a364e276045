/**
 * How an evaluation ends early. Inside this folder a template that cannot go on throws a `Stop`; the
 * edge of the folder turns it into an `ExpressionError`, so that nobody outside ever catches one.
 *
 * INVARIANT: nothing thrown here leaves the folder; each message is one sentence without line breaks.
 */
import type { ExpressionError, TemplatePosition } from './contract.ts';

/** The codes of errors. */
export type StopCode = ExpressionError['code'];

/** What a stop may carry beyond its code and message. */
export interface StopDetails {
  readonly help?: string;
  readonly name?: string;
  /** Offset in the template; the place being evaluated when absent. */
  readonly at?: number;
  readonly cause?: unknown;
}

/** A template cannot go on. */
export class Stop extends Error {
  readonly code: StopCode;
  readonly help: string;
  readonly unknownName: string | undefined;
  /** Offset in the template; the place being evaluated when undefined. */
  at: number | undefined;

  constructor(code: StopCode, message: string, details: StopDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Stop';
    this.code = code;
    this.help = details.help ?? 'mend the expression';
    this.unknownName = details.name;
    this.at = details.at;
  }
}

/** A name or attribute is not there; `??`, `default` and `is defined` cope with it. */
export class MissingName extends Stop {
  constructor(name: string, expression: string, line: number, at: number, isNullBefore: boolean) {
    super(
      'expression.name-unknown',
      `unable to find \`${name}\` used in the expression \`${expression}\` at line ${line}`,
      {
        name,
        at,
        help: isNullBefore
          ? `what stands before \`${name}\` is null; give it a value or write \`?? 'fallback'\``
          : `check the spelling of \`${name}\`, or write \`?? 'fallback'\` if it may be absent`,
      },
    );
    this.name = 'MissingName';
  }
}

/** A host function has not answered yet. */
export class Wait {
  readonly until: Promise<unknown>;
  constructor(until: Promise<unknown>) {
    this.until = until;
  }
}

/** Returns a stop for an operand, input or argument of a wrong type. */
export function wrongType(message: string, help?: string): Stop {
  return new Stop('expression.type-wrong', message, help === undefined ? {} : { help });
}

/** Returns a stop for an argument of a wrong value. */
export function wrongArgument(message: string, help?: string): Stop {
  return new Stop('expression.argument-wrong', message, help === undefined ? {} : { help });
}

/** Returns a stop for text that is no template. */
export function wrongSyntax(message: string, at: number, help?: string): Stop {
  return new Stop('expression.syntax-wrong', message, {
    at,
    help: help ?? 'mend the template; see the reference of the expression language',
  });
}

/** The places where the lines of a text start, to find many positions in it. */
export class LineTable {
  private readonly starts: number[] = [0];

  constructor(source: string) {
    for (let i = source.indexOf('\n'); i !== -1; i = source.indexOf('\n', i + 1)) {
      this.starts.push(i + 1);
    }
  }

  /** Returns line and column of an offset. */
  positionOf(at: number): TemplatePosition {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(1, at - (this.starts[low] ?? 0) + 1) };
  }
}

/** Returns line and column of an offset in `source`. */
export function positionOf(source: string, at: number): TemplatePosition {
  return new LineTable(source).positionOf(at);
}

const quotedMax = 120;

/** Returns `text` on one line and cut to a length that a message can hold. */
export function quoted(text: string): string {
  const cut = text.length > quotedMax ? `${text.slice(0, quotedMax)}…` : text;
  return cut.replace(/\s+/g, ' ').replaceAll('`', "'").trim();
}
