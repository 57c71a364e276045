/** The outputs of an execution: rendered when it ends, then given their declared types. */
import { type OutputDefinition, readOutput } from '../../core/flow/index.ts';
import { emptyMap, type Marks, marksOfParts, type Value } from '../../core/value/index.ts';
import { render, seal, sealSecrets } from '../rendering/index.ts';
import type { Active } from './active.ts';
import { evaluationFor } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';
import { hideSecrets } from './write-log.ts';

/** Types whose value may be an object: a lone expression then keeps its type. */
const structured = new Set(['JSON', 'YAML', 'ARRAY', 'MULTISELECT', 'INT', 'FLOAT', 'BOOLEAN']);

/** Renders the outputs and reports them as `evaluated`. */
export async function renderOutputs(loop: RunLoop, one: Active): Promise<void> {
  const done = loop.begin(one);
  const outputs = emptyMap();
  const parts: [string, Marks][] = [];
  let problem: string | undefined;
  for (const output of one.execution.flow.outputs) {
    const mode = structured.has(output.type) ? 'typed' : 'text';
    const result = await render(evaluationFor(loop, one, null), output.value, mode);
    if (!result.ok) {
      if (!output.isRequired) outputs[output.id] = null;
      else problem ??= `the output \`${output.id}\` cannot be rendered: ${result.error.message}`;
      continue;
    }
    const read = readOutput(output, result.value);
    if (!read.ok) {
      problem ??= read.message;
      continue;
    }
    outputs[output.id] = sealed(loop, one, output, read.value);
    parts.push([output.id, result.marks]);
  }
  loop.push(
    one,
    problem === undefined
      ? {
          type: 'evaluated',
          taskRunId: null,
          purpose: 'outputs',
          value: outputs,
          marks: marksOfParts(parts),
        }
      : {
          type: 'evaluated',
          taskRunId: null,
          purpose: 'outputs',
          error: { message: hideSecrets(one, problem), code: 'expression.failed' },
        },
  );
  done();
}

/** Returns `value` as it is stored: secrets sealed, whatever the type of the output. */
function sealed(loop: RunLoop, one: Active, output: OutputDefinition, value: Value): Value {
  const { cipher } = loop.parts;
  if (output.type === 'SECRET' && typeof value === 'string') return seal(value, cipher);
  return sealSecrets(value, one.secrets, cipher);
}
