/** Diagnostics point at their place like a compiler's. */
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../core/flow/index.ts';
import { countText, diagnosticText, validationDocument } from './print-diagnostics.ts';

const diagnostic: Diagnostic = {
  severity: 'error',
  code: 'flow.type-unknown',
  file: 'flows/a.yaml',
  line: 2,
  column: 9,
  path: 'tasks[0].type',
  message: 'unknown type `core.log.Lgo`',
  help: 'did you mean `core.log.Log`?',
};
const source = 'tasks:\n\ttype: core.log.Lgo\n';

test('place, severity, message and code come first, then the line with a caret, then help', () => {
  expect(diagnosticText(diagnostic, source)).toBe(
    [
      'flows/a.yaml:2:9  error  unknown type `core.log.Lgo`  flow.type-unknown',
      '  2 |   type: core.log.Lgo',
      '    |          ^',
      '  help: did you mean `core.log.Log`?',
      '',
    ].join('\n'),
  );
});

test('without the source, or past its end, the line is left out', () => {
  const lines = (text: string | undefined) => diagnosticText(diagnostic, text).split('\n').length;
  expect(lines(undefined)).toBe(3);
  expect(lines('one line')).toBe(3);
});

test('the line of a hostile file cannot steer the terminal', () => {
  expect(diagnosticText(diagnostic, 'x\n\u001b[2J type: y')).not.toContain('\u001b');
});

test('the document keeps errors and warnings apart', () => {
  const warning: Diagnostic = { ...diagnostic, severity: 'warning', code: 'flow.alias-used' };
  const document = validationDocument([warning, diagnostic]);
  expect(document.valid).toBe(false);
  expect(document.errors.map(({ code }) => code)).toEqual(['flow.type-unknown']);
  expect(document.warnings.map(({ code }) => code)).toEqual(['flow.alias-used']);
  expect(Object.keys(document.errors[0] ?? {})).toEqual([
    'file',
    'line',
    'column',
    'path',
    'code',
    'message',
    'help',
  ]);
  expect(validationDocument([warning]).valid).toBe(true);
});

test('counts are words', () => {
  expect(countText(0, 0)).toBe('no problems');
  expect(countText(1, 2)).toBe('1 error, 2 warnings');
});
