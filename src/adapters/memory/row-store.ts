/**
 * Rows by key that can be taken back: the tables of the memory store. While a commit runs, each change
 * leaves behind how to undo it.
 *
 * INVARIANT: undoing the changes of a commit, last first, gives exactly the state before it.
 */

/** How the changes of the running commit are undone, in order of the changes. */
export type Undo = (() => void)[];

/** A table: rows by key, in the order in which the keys came. */
export class Rows<T> {
  readonly #rows = new Map<string, T>();
  readonly #undo: Undo;

  constructor(undo: Undo) {
    this.#undo = undo;
  }

  get(...key: readonly (string | number)[]): T | undefined {
    return this.#rows.get(JSON.stringify(key));
  }

  set(row: T, ...key: readonly (string | number)[]): void {
    const name = JSON.stringify(key);
    const before = this.#rows.get(name);
    this.#rows.set(name, row);
    this.#undo.push(() => {
      if (before === undefined) this.#rows.delete(name);
      else this.#rows.set(name, before);
    });
  }

  delete(...key: readonly (string | number)[]): boolean {
    const name = JSON.stringify(key);
    const rows = [...this.#rows];
    if (!this.#rows.delete(name)) return false;
    // Putting the row back alone would move it to the end.
    this.#undo.push(() => {
      this.#rows.clear();
      for (const [other, row] of rows) this.#rows.set(other, row);
    });
    return true;
  }

  /** Returns the rows for which `matches` holds, in the order in which their keys came. */
  where(matches: (row: T) => boolean): T[] {
    return [...this.#rows.values()].filter(matches);
  }
}

/** A list that only grows, save for removals of what matches. */
export class Lines<T> {
  #lines: T[] = [];
  readonly #undo: Undo;

  constructor(undo: Undo) {
    this.#undo = undo;
  }

  push(line: T): void {
    const before = this.#lines.length;
    this.#lines.push(line);
    this.#undo.push(() => {
      this.#lines.length = before;
    });
  }

  where(matches: (line: T) => boolean): T[] {
    return this.#lines.filter(matches);
  }

  /** Replaces the lines for which `matches` holds. */
  change(matches: (line: T) => boolean, turn: (line: T) => T): void {
    const before = this.#lines;
    this.#lines = before.map((line) => (matches(line) ? turn(line) : line));
    this.#undo.push(() => {
      this.#lines = before;
    });
  }

  remove(matches: (line: T) => boolean): number {
    const before = this.#lines;
    this.#lines = before.filter((line) => !matches(line));
    this.#undo.push(() => {
      this.#lines = before;
    });
    return before.length - this.#lines.length;
  }

  get length(): number {
    return this.#lines.length;
  }
}
