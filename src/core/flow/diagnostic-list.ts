/**
 * Collects what is wrong with one file. Offsets become lines and columns here, severities come from
 * the table, and the result is sorted and bounded.
 */
import type { Diagnostic, Severity } from './diagnostic.ts';
import { type DiagnosticCode, diagnosticCatalogue } from './diagnostic-catalogue.ts';
import type { SourceSpan } from './flow.ts';

/** The most diagnostics that one run lists. */
const diagnosticsMax = 500;

/** Offsets of a part of the text. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/** What may be said beside code and message. */
interface ReportOptions {
  /** May be worked out only when the diagnostic is kept, since looking for similar names takes time. */
  readonly help?: string | (() => string);
  readonly severity?: Severity;
}

/** What is wrong with one file, growing while the file is read. */
export class DiagnosticList {
  readonly file: string;
  readonly #lineStarts: readonly number[];
  readonly #found = new Map<string, Diagnostic>();
  #isFull = false;
  #hasErrors = false;

  constructor(file: string, source: string) {
    this.file = file;
    const starts = [0];
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
      starts.push(at + 1);
    }
    this.#lineStarts = starts;
  }

  get hasErrors(): boolean {
    return this.#hasErrors;
  }

  /** Returns line and column of an offset; both start at 1. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  span(range: OffsetRange): SourceSpan {
    const { line, column } = this.position(range.start);
    const end = this.position(range.end);
    return { line, column, endLine: end.line, endColumn: end.column };
  }

  /** Adds a diagnostic; the same one at the same place stands once. */
  report(
    code: DiagnosticCode,
    at: OffsetRange,
    path: string,
    message: string,
    options: ReportOptions = {},
  ): void {
    const kind = diagnosticCatalogue[code];
    const severity = options.severity ?? kind.severity;
    if (severity === 'error') this.#hasErrors = true;
    if (this.#found.size >= diagnosticsMax) {
      this.#isFull = true;
      return;
    }
    const said = code === 'flow.property-type-wrong' ? '' : message;
    const key = `${at.start} ${code} ${said}`;
    if (this.#found.has(key)) return;
    this.#found.set(key, {
      severity,
      code,
      file: this.file,
      ...this.position(at.start),
      path,
      message,
      help: (typeof options.help === 'function' ? options.help() : options.help) ?? kind.help,
    });
  }

  /** Returns what was found, in the order of the text. */
  sorted(): Diagnostic[] {
    const list = [...this.#found.values()].toSorted(
      (a, b) => a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1),
    );
    const last = list.at(-1);
    if (this.#isFull && last !== undefined) {
      const { severity, help } = diagnosticCatalogue['flow.problems-too-many'];
      const message = `only the first ${diagnosticsMax} problems are listed`;
      list.push({ ...last, severity, code: 'flow.problems-too-many', message, help, path: '' });
    }
    return list;
  }
}
