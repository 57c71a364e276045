/** The functions that the runtime performs, held against those that the language lets a flow call. */
import { expect, test } from 'vitest';
import { createTypeCatalogue, parseFlow } from '../../core/flow/index.ts';
import { blankExecution } from '../../core/engine/index.ts';
import { type FunctionParts, hostFunctions } from './host-functions.ts';

const catalogue = createTypeCatalogue([
  {
    type: 'core.debug.Return',
    kind: 'runnable',
    summary: 'Gives text.',
    aliases: [],
    propertyAliases: {},
    lenientAliases: [],
    ignoredProperties: [],
    schema: { type: 'object', properties: { format: { type: 'string' } } },
    rendering: {},
  },
]);

function parse(format: string) {
  const source = `id: one\nnamespace: demo\ntasks:\n  - id: t\n    type: core.debug.Return\n    format: '${format}'\n`;
  return parseFlow(source, { file: 'flow.yaml', catalogue });
}

test('every function that the runtime performs may be called by a flow', () => {
  const { flow } = parse('x');
  if (flow === undefined) throw new Error('the flow is valid');
  // Only the names are asked for; nothing is called.
  const functions = hostFunctions({} as FunctionParts, {
    execution: blankExecution('e1', 'main', flow, 1),
    files: undefined,
    reveal: () => undefined,
    errorLogs: () => Promise.resolve([]),
  });
  const names = [...functions.keys()];
  expect(names).toContain('kv');
  for (const name of names) {
    const { diagnostics } = parse(`{{ ${name}() }}`);
    const unknown = diagnostics.filter((one) => one.code === 'expression.function-unknown');
    expect({ name, unknown }).toEqual({ name, unknown: [] });
  }
  const { diagnostics } = parse('{{ nobodyPerformsThis() }}');
  expect(diagnostics.map((one) => one.code)).toContain('expression.function-unknown');
});
