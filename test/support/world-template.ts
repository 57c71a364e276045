/** Templates in the fake world: the real expression language over given names, without host functions. */
import {
  defaultExpressionLimits,
  emptyExpressionHost,
  renderValueSettled,
} from '../../src/core/expression/index.ts';
import { Failure } from '../../src/core/failure/index.ts';
import {
  entryOf,
  type Marked,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../src/core/value/index.ts';

/** Returns `value` with its templates rendered over `names`; throws `expression.failed`. */
export async function renderInWorld(
  value: Value,
  names: ValueMap,
  mode: 'text' | 'typed',
): Promise<Marked> {
  const scope = {
    value: (name: string) => entryOf(names, name),
    marks: () => plainMarks,
    names: () => Object.keys(names),
  };
  const context = { scope, host: emptyExpressionHost, limits: defaultExpressionLimits };
  const result = await renderValueSettled(value, context, mode);
  if (result.outcome === 'value') return result;
  throw new Failure('expression.failed', result.error.message, { help: result.error.help });
}
