/** Log lines of one attempt that go to a file (`logToFile`) instead of the logs of the execution. */

/** Lines gathered for a file. */
export interface LogLines {
  add(at: number, level: string, message: string): void;
  readonly isEmpty: boolean;
  text(): string;
}

/** Returns no lines yet. */
export function createLogLines(): LogLines {
  const lines: string[] = [];
  return {
    add(at, level, message) {
      const time = Temporal.Instant.fromEpochMilliseconds(at).toString({
        fractionalSecondDigits: 3,
      });
      lines.push(`${time} ${level} ${message}\n`);
    },
    get isEmpty() {
      return lines.length === 0;
    },
    text: () => lines.join(''),
  };
}
