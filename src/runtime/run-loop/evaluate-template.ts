/**
 * Rendering a template in an execution that was, for people who look for a mistake. It may read what the
 * execution holds, and call what computes; nothing that reaches out or reads secrets.
 *
 * INVARIANT: what read a secret is not shown at all, because any filter may have made another text of it.
 */
import { Failure } from '../../core/failure/index.ts';
import { plainText } from '../../core/value/index.ts';
import { chanceFunctions, contextFor, hideIn, render, yamlFunction } from '../rendering/index.ts';
import type { RunLoop } from './loop.ts';

/** Returns what `template` gives in a task run of an execution, as text; throws `expression.failed`. */
export async function evaluateTemplate(
  loop: RunLoop,
  id: string,
  taskRunId: string,
  template: string,
): Promise<string> {
  const one = await loop.load(id);
  const done = loop.begin(one);
  try {
    const { execution, around } = one;
    const run = execution.runsById.get(taskRunId);
    if (run === undefined) {
      throw new Failure('execution.wrong-state', `there is no task run \`${taskRunId}\``);
    }
    const revealed = new Set<string>();
    const functions = new Map([...chanceFunctions(loop.parts), ['yaml', yamlFunction] as const]);
    const reveal = (secret: string): void => void revealed.add(secret);
    const context = contextFor(loop.parts, { execution, run, around, functions, reveal });
    const result = await render(context, template, 'text');
    if (revealed.size > 0) {
      throw new Failure('expression.failed', 'it reads a secret, so what it gives is not shown');
    }
    const text = result.ok ? plainText(result.value ?? '') : result.error.message;
    if (result.ok) return hideIn(text, one.secrets);
    throw new Failure('expression.failed', hideIn(text, one.secrets));
  } finally {
    done();
  }
}
