/**
 * The names that a template sets itself, in nested scopes. A name that was not set because of some
 * condition is kept without a value but with the provenance of that condition: its absence tells.
 */
import {
  joinMarks,
  type Marks,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';

/** What is kept of one name; without a value the name is absent for the reason that its marks tell. */
export interface Local {
  readonly value: Value | undefined;
  readonly marks: Marks;
}

/** One scope of names. */
export class Locals {
  private readonly entries = new Map<string, Local>();
  private readonly outer: Locals | null;

  constructor(outer: Locals | null) {
    this.outer = outer;
  }

  /** Returns the nearest entry of `name`. */
  find(name: string): Local | undefined {
    return this.entries.get(name) ?? this.outer?.find(name);
  }

  /** Sets `name` in this scope. */
  declare(name: string, value: Value | undefined, marks: Marks): void {
    this.entries.set(name, { value, marks });
  }

  /** Returns the nearest scope that has `name`. */
  private ownerOf(name: string): Locals | undefined {
    return this.entries.has(name) ? this : this.outer?.ownerOf(name);
  }

  /** Sets `name` in the nearest scope that has it, else in this one. */
  assign(name: string, value: Value, marks: Marks): void {
    (this.ownerOf(name) ?? this).declare(name, value, marks);
  }

  /** Joins `more` into what is known of `name`, present or absent. */
  mark(name: string, more: Provenance): void {
    if (more === plain) return;
    const local = this.find(name) ?? { value: undefined, marks: plainMarks };
    (this.ownerOf(name) ?? this).declare(name, local.value, joinMarks(local.marks, more));
  }
}
