/** Log lines of one attempt that go to a file (`logToFile`) instead of the logs of the execution. */

/** Lines gathered for a file. */
export interface LogLines {
  add(at: number, level: string, message: string): void;
  readonly isEmpty: boolean;
  text(): string;
}

/** A class, because an accessor in a literal is a shape of its own for each attempt, which outlives it. */
class GatheredLines implements LogLines {
  readonly #lines: string[] = [];

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  add(at: number, level: string, message: string): void {
    const time = Temporal.Instant.fromEpochMilliseconds(at).toString({ fractionalSecondDigits: 3 });
    this.#lines.push(`${time} ${level} ${message}\n`);
  }

  text(): string {
    return this.#lines.join('');
  }
}

/** Returns no lines yet. */
export function createLogLines(): LogLines {
  return new GatheredLines();
}
