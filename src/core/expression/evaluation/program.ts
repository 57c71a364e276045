/** A compiled template as this folder keeps it: its steps, and what can be said of it without running it. */
import type { Template, TemplateReference } from '../contract.ts';
import { positionOf, quoted } from '../stop.ts';
import type { RunningTemplate, Step } from './frame.ts';

/** A compiled template. */
export class Program implements Template, RunningTemplate {
  readonly source: string;
  readonly isLiteral: boolean;
  readonly references: readonly TemplateReference[];
  readonly functions: readonly string[];
  readonly steps: readonly Step[];
  readonly blocks: ReadonlyMap<string, readonly Step[]>;

  constructor(
    source: string,
    facts: {
      readonly references: readonly TemplateReference[];
      readonly functions: readonly string[];
    },
    steps: readonly Step[],
    blocks: ReadonlyMap<string, readonly Step[]>,
    isLiteral: boolean,
  ) {
    this.source = source;
    this.references = facts.references;
    this.functions = facts.functions;
    this.steps = steps;
    this.blocks = blocks;
    this.isLiteral = isLiteral;
  }

  /** Returns the print or tag around an offset, for messages. */
  expressionAt(at: number): string {
    const { source } = this;
    const start = Math.max(source.lastIndexOf('{{', at), source.lastIndexOf('{%', at), 0);
    const closing = source.startsWith('{%', start) ? '%}' : '}}';
    const end = source.indexOf(closing, at);
    return quoted(source.slice(start, end === -1 ? undefined : end + 2));
  }

  /** Returns the line of an offset. */
  lineAt(at: number): number {
    return positionOf(this.source, at).line;
  }
}
