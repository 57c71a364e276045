/**
 * Diagnostics as a compiler prints them: place, severity, message, code; then what to do and the line
 * of the source with a caret under the place.
 */
import type { Diagnostic } from '../../core/flow/index.ts';
import { noPaint, type Paint } from './colour.ts';
import { harmless, textWidth } from './terminal-text.ts';

const lineMax = 200;

function excerpt(diagnostic: Diagnostic, source: string, paint: Paint): string {
  const whole = source.split('\n')[diagnostic.line - 1]?.replace(/\r$/, '');
  if (whole === undefined || whole.trim() === '') return '';
  // Of a line longer than any screen, what stands around the place.
  const from = whole.length <= lineMax ? 0 : Math.max(0, diagnostic.column - 1 - lineMax / 2);
  const line = whole.slice(from, from + lineMax);
  const shown = (text: string) => harmless(text).replaceAll('\t', '  ');
  const number = String(diagnostic.line);
  const before = textWidth(shown(line.slice(0, Math.max(0, diagnostic.column - 1 - from))));
  const margin = ' '.repeat(number.length);
  const colour = diagnostic.severity === 'error' ? 'red' : 'yellow';
  return (
    `  ${paint(`${number} |`, 'dim')} ${shown(line)}\n` +
    `  ${paint(`${margin} |`, 'dim')} ${' '.repeat(before)}${paint('^', colour)}\n`
  );
}

/** Returns one diagnostic as text; `source` is the text of its file, where it is known. */
export function diagnosticText(
  diagnostic: Diagnostic,
  source: string | undefined,
  paint: Paint = noPaint,
): string {
  const { file, line, column, severity, message, code, help } = diagnostic;
  const place = paint(`${harmless(file)}:${line}:${column}`, 'bold');
  const kind = paint(severity, severity === 'error' ? 'red' : 'yellow');
  const head = `${place}  ${kind}  ${harmless(message)}  ${paint(code, 'dim')}\n`;
  const advice = help === '' ? '' : `  ${paint('help:', 'cyan')} ${harmless(help)}\n`;
  return head + (source === undefined ? '' : excerpt(diagnostic, source, paint)) + advice;
}

/** Returns how many errors and warnings there are, in words: `2 errors, 1 warning`. */
export function countText(errors: number, warnings: number): string {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const parts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}

/** What `validate` and a refused `run` print with `--output json`. */
export interface ValidationDocument {
  readonly valid: boolean;
  readonly errors: readonly Omit<Diagnostic, 'severity'>[];
  readonly warnings: readonly Omit<Diagnostic, 'severity'>[];
}

/** Returns `diagnostics` as the document that programs read. */
export function validationDocument(diagnostics: readonly Diagnostic[]): ValidationDocument {
  const of = (wanted: Diagnostic['severity']) =>
    diagnostics
      .filter(({ severity }) => severity === wanted)
      .map(({ file, line, column, path, code, message, help }) => ({
        file,
        line,
        column,
        path,
        code,
        message,
        help,
      }));
  const errors = of('error');
  return { valid: errors.length === 0, errors, warnings: of('warning') };
}
