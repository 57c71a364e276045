/**
 * The state of one evaluation: what is written so far, where it stands, what it may still use.
 *
 * INVARIANT (marks): whoever calls an expression has `marks` plain; afterwards `marks` holds the marks
 * of the value it returned. So an expression that touches nothing marked never looks at marks at all.
 */
import {
  flatten,
  joinProvenance,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import type { ExpressionHost, ExpressionLimits, Scope, TextSegment } from '../contract.ts';
import { Stop } from '../stop.ts';
import { HostCalls } from './host-calls.ts';
import type { Locals } from './locals.ts';

const ticksBetweenChecks = 64;
const weightBetweenChecks = 200_000;
/** How many times the longest output may be made in all on the way to it. */
const growthFactor = 32;

/** A value that a typed evaluation printed. */
export interface PrintedPart {
  readonly value: Value;
  readonly marks: Marks;
}

/** What an evaluation needs of the template that it runs. */
export interface RunningTemplate {
  readonly blocks: ReadonlyMap<string, readonly Step[]>;
  /** Returns the print or tag around an offset, for messages. */
  expressionAt(at: number): string;
  /** Returns the line of an offset. */
  lineAt(at: number): number;
}

/** Renders `source` inside the evaluation that `frame` belongs to. */
export type RenderNested = (source: string, frame: Frame) => string;

/** The state of one evaluation. */
export class Frame {
  scope: Scope;
  readonly host: ExpressionHost;
  readonly limits: ExpressionLimits;
  private knownCalls: HostCalls | null;
  readonly renderNested: RenderNested;
  program: RunningTemplate;

  /** Marks of the last value. */
  marks: Marks = plainMarks;
  /** What is written. */
  text = '';
  /** Provenance of what is written, and of what decided what is written. */
  tone: Provenance = plain;
  /** Provenance of the conditions under which the current place is reached. */
  path: Provenance = plain;
  /** What a typed evaluation printed; null when text is written. */
  parts: PrintedPart[] | null = null;
  /** The marked parts of what is written; null where they are not followed: inside macros, blocks and the like. */
  segments: TextSegment[] | null = [];
  locals: Locals | null = null;
  /** Offset of what is being evaluated. */
  at = 0;
  /** How many host calls were made. */
  callCount = 0;

  private loops = 0;
  private depth = 0;
  private ticks = 0;
  private grown = 0;
  private weightChecked = 0;
  private weight = 0;
  private startedMs = -1;

  constructor(
    program: RunningTemplate,
    scope: Scope,
    host: ExpressionHost,
    limits: ExpressionLimits,
    hostCalls: HostCalls | null,
    renderNested: RenderNested,
  ) {
    this.program = program;
    this.scope = scope;
    this.host = host;
    this.limits = limits;
    this.knownCalls = hostCalls;
    this.renderNested = renderNested;
  }

  /** Answers of host functions in this evaluation. */
  get hostCalls(): HostCalls {
    this.knownCalls ??= new HostCalls();
    return this.knownCalls;
  }

  /** Counts a round of a loop. */
  countLoop(): void {
    this.loops += 1;
    if (this.loops > this.limits.loopsMax) {
      throw new Stop('expression.loop-limit-reached', 'the loops of the template run too often', {
        help: `a template may loop ${this.limits.loopsMax} times; use a \`ForEach\` or \`Loop\` task for more`,
      });
    }
    this.tick();
  }

  /** Counts a step; looks at the clock now and then. */
  tick(): void {
    this.ticks += 1;
    if (this.ticks % ticksBetweenChecks === 0) this.checkTime();
  }

  /** Counts characters or elements that are made. */
  grow(count: number): void {
    const { outputCharactersMax } = this.limits;
    this.grown += count;
    if (count > outputCharactersMax || this.grown > outputCharactersMax * growthFactor) {
      throw new Stop('expression.output-limit-reached', 'the template makes too much text', {
        help: `a result may have ${outputCharactersMax} characters; keep larger content in files`,
      });
    }
    this.weigh(count);
  }

  /** Counts characters or elements that are looked through; looks at the clock after many. */
  weigh(count: number): void {
    this.weight += count;
    if (this.weight - this.weightChecked < weightBetweenChecks) return;
    this.weightChecked = this.weight;
    this.checkTime();
  }

  private checkTime(): void {
    const passed = this.limits.elapsedMs();
    if (this.startedMs < 0) this.startedMs = passed;
    if (passed - this.startedMs > this.limits.timeMs) {
      throw new Stop('expression.time-limit-reached', 'the template takes too long', {
        help: `an expression may take ${this.limits.timeMs} ms; do heavy work in a task`,
      });
    }
  }

  /** Enters a macro, block or nested rendering. */
  enter(): void {
    this.depth += 1;
    if (this.depth > this.limits.depthMax) {
      throw new Stop('expression.depth-limit-reached', 'the template calls itself too deeply', {
        help: `macros, blocks and \`render\` may be nested ${this.limits.depthMax} deep`,
      });
    }
    this.tick();
  }

  /** Leaves what `enter` entered. */
  leave(): void {
    this.depth -= 1;
  }

  /** Joins `more` into the provenance of what is written. */
  color(more: Provenance): void {
    if (more !== plain) this.tone = joinProvenance(this.tone, more);
  }

  /** Writes text that has the provenance `own`, under the conditions of this place. */
  write(text: string, own: Provenance): void {
    const start = this.text.length;
    this.text += text;
    this.color(own);
    // What is empty tells that it is: it is a part as well.
    if (this.segments === null) return;
    const all = joinProvenance(own, this.path);
    if (all !== plain) this.segments.push({ start, end: start + text.length, own: all });
  }

  /** Gives and clears the provenance of the last value taken as a whole. */
  takeProvenance(): Provenance {
    if (this.marks === plainMarks) return plain;
    const own = flatten(this.marks);
    this.marks = plainMarks;
    return own;
  }
}

/** Returns the marks of something made of two values. */
export function mixedMarks(a: Marks, b: Marks): Marks {
  if (a === plainMarks && b === plainMarks) return plainMarks;
  return marksOf(joinProvenance(flatten(a), flatten(b)));
}

/** Returns the marks of something made of all of a value. */
export function wholeMarks(marks: Marks): Marks {
  return marks.parts === undefined ? marks : marksOf(flatten(marks));
}

/** Calculates a value. */
export type Evaluate = (frame: Frame) => Value;

/** Calculates a value that may be absent; then the marks are those of what it was looked for in. */
export type Look = (frame: Frame) => Value | undefined;

/** Performs a statement. */
export type Step = (frame: Frame) => void;
