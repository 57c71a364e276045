/**
 * Flows with something wrong in them: each file says in its first line which diagnostics it gives and
 * where (`# strict` above it asks for strict checking). Together they show every code of the table.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, diagnosticCatalogue, parseFlow } from '../../src/core/flow/index.ts';
import { triggerLoops } from '../../src/core/triggers/index.ts';
import { sampleCatalogue } from '../support/sample-catalogue.ts';

const folder = join(import.meta.dirname, 'malformed');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const shown = new Set<string>();

function diagnose(source: string, file: string, strict = false): readonly Diagnostic[] {
  const { flow, diagnostics } = parseFlow(source, { file, catalogue: sampleCatalogue, strict });
  for (const one of diagnostics) shown.add(one.code);
  const hasError = diagnostics.some((one) => one.severity === 'error');
  expect(flow === undefined, 'a flow is given exactly when nothing is an error').toBe(hasError);
  return diagnostics;
}

function expectActionable({ message, help, file, line, column, code }: Diagnostic): void {
  const where = `${file}:${line}:${column} ${code}`;
  for (const text of [message, help]) {
    expect(text, where).toMatch(/^[a-z`0-9@?]/);
    expect(text, where).not.toMatch(/\.$|\n|\r|Error:|^\s+at |\bundefined\b|\[object /);
    expect(text.length, where).toBeGreaterThan(6);
    expect(text.length, where).toBeLessThan(400);
  }
}

describe('a malformed flow', () => {
  test('has more than sixty examples', () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
  });

  test.each(files)('is diagnosed where it is wrong: %s', (file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const [first = '', second = ''] = source.split('\n');
    const isStrict = first === '# strict';
    const expected = (isStrict ? second : first).replace(/^# /, '').split(', ');
    const found = diagnose(source, file, isStrict);
    expect(found.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(expected);
    for (const one of found) {
      expect(one.file).toBe(file);
      expectActionable(one);
    }
  });

  test('is refused by its size alone', () => {
    const found = diagnose(`id: large\ndescription: ${'é'.repeat(600_000)}\n`, 'large.yaml');
    expect(found.map((one) => one.code)).toEqual(['flow.yaml-too-large']);
    found.forEach(expectActionable);
  });

  test('is refused by a loop, not by an exhausted stack', () => {
    for (const source of ['['.repeat(500_000), '- '.repeat(200_000), '{a: '.repeat(100_000)]) {
      expect(diagnose(source, 'deep.yaml').map((one) => one.code)).toEqual(['flow.yaml-too-deep']);
    }
  });

  test('lists a bounded number of problems', () => {
    const tasks = '  - {id: a b, type: core.debug.Return, colour: red}\n'.repeat(2_000);
    const found = diagnose(`id: many\nnamespace: a.b\ntasks:\n${tasks}`, 'many.yaml');
    expect(found.length).toBe(501);
    expect(found.at(-1)?.code).toBe('flow.problems-too-many');
  });

  test('is diagnosed among the flows that there are', () => {
    const after = (id: string, other: string, more = '') =>
      `id: ${id}\nnamespace: a.b\ntasks: [{id: t, type: core.debug.Return}]\ntriggers:\n  - {id: up, type: core.trigger.Flow, dependsOn: [{flowId: ${other}${more}}]}\n`;
    const read = (source: string) => {
      const { flow } = parseFlow(source, { file: 'one.yaml', catalogue: sampleCatalogue });
      if (flow === undefined) throw new Error('the flow is wrong by itself');
      return flow;
    };
    const one = read(after('one', 'two'));
    const circles = [after('two', 'one'), after('two', 'one', ', labels: {a: b}')].flatMap(
      (other) => triggerLoops(one, [one, read(other)], 'one.yaml'),
    );
    expect(circles.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      'flow.trigger-loop 5:5',
      'flow.trigger-loop-possible 5:5',
    ]);
    for (const found of circles) {
      shown.add(found.code);
      expectActionable(found);
    }
  });

  test('shows every code of the table [G-224]', () => {
    // Those of suites of tests have examples of their own.
    const codes = Object.keys(diagnosticCatalogue).filter((code) => !code.startsWith('test.'));
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
    expect([...shown].filter((code) => !Object.hasOwn(diagnosticCatalogue, code))).toEqual([]);
  });
});
