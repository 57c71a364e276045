/**
 * Triggers that run a program from time to time and fire when it ends, or says, what is wanted: the same
 * for each language that has script tasks.
 */
import { Failure } from '../core/failure/index.ts';
import { emptyMap, mapOf, plainText, type ValueMap } from '../core/value/index.ts';
import type { PollingTrigger, TriggerContext } from '../ports/trigger.ts';

/** Tells whether a program ended as the condition says, or gave something that it matches. */
function isMet(condition: string, outputs: ValueMap, context: TriggerContext): boolean {
  const exit = /^\s*exit\s+(\d{1,3})\s*$/.exec(condition);
  if (exit !== null) return Number(exit[1]) === outputs['exitCode'];
  const said = plainText(outputs['vars'] ?? emptyMap());
  return said.includes(condition) || context.finds(condition, said);
}

async function evaluate(context: TriggerContext) {
  const { properties, heldBefore } = context;
  const { outputs, failure } = await context.ask();
  // How a program ends is what is asked; whatever else goes wrong is trouble.
  if (failure !== undefined && failure.code !== 'process.exited') {
    throw new Failure('task.failed', failure.message);
  }
  const condition = plainText(properties['exitCondition'] ?? 'exit 0');
  const holds = isMet(condition, outputs, context);
  const isEdge = properties['edge'] !== false;
  if (!holds || (isEdge && heldBefore === true)) return { holds };
  const variables = mapOf({
    timestamp: context.now(),
    condition,
    exitCode: outputs['exitCode'] ?? null,
    vars: outputs['vars'] ?? emptyMap(),
  });
  return { holds, variables };
}

function scriptTrigger(language: string, kind: 'Script' | 'Commands'): PollingTrigger {
  const what = kind === 'Script' ? 'a script' : 'commands';
  return {
    type: `scripts.${language}.${kind}Trigger`,
    summary: `Runs ${what} from time to time and starts an execution when they end as wanted.`,
    task: `scripts.${language}.${kind}`,
    properties: {
      exitCondition: {
        type: 'string',
        description:
          '`exit N`: the exit code; anything else: a text or pattern in what the program gave as outputs.',
      },
      edge: {
        type: 'boolean',
        description: 'Whether it fires only when the condition begins to hold; on when absent.',
      },
    },
    required: ['exitCondition'],
    evaluate,
  };
}

/** The triggers of all languages. */
export const scriptTriggers: readonly PollingTrigger[] = ['node', 'python', 'shell'].flatMap(
  (language) => [scriptTrigger(language, 'Commands'), scriptTrigger(language, 'Script')],
);
