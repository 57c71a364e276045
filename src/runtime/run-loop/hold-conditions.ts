/** Conditions of listeners, over an execution that has ended. Unknown conditions do not hold. */
import { isTruthyText } from '../../core/expression/index.ts';
import { plainText, isList, isMap, type Value } from '../../core/value/index.ts';
import { renderThen } from '../rendering/index.ts';
import type { Active } from './active.ts';
import { evaluationFor } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';

function texts(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map(String) : [];
}

function compares(actual: string, wanted: string, comparison: string): boolean {
  if (comparison === 'PREFIX') return actual.startsWith(wanted);
  return comparison === 'SUFFIX' ? actual.endsWith(wanted) : actual === wanted;
}

/** Tells whether one condition holds. */
function holdsOne(loop: RunLoop, one: Active, condition: Value): boolean {
  if (!isMap(condition)) return false;
  const { execution } = one;
  const type =
    plainText(condition['type'])
      .split('.')
      .at(-1)
      ?.replace(/Condition$/, '') ?? '';
  switch (type) {
    case 'ExecutionStatus': {
      const [among, notAmong] = [texts(condition['in']), texts(condition['notIn'])];
      return (
        (among.length === 0 || among.includes(execution.state)) &&
        !notAmong.includes(execution.state)
      );
    }
    case 'ExecutionFlow':
      return (
        condition['namespace'] === execution.flow.namespace &&
        condition['flowId'] === execution.flow.id
      );
    case 'ExecutionNamespace': {
      const comparison =
        condition['comparison'] ?? (condition['prefix'] === true ? 'PREFIX' : 'EQUALS');
      return compares(
        execution.flow.namespace,
        plainText(condition['namespace']),
        plainText(comparison),
      );
    }
    case 'ExecutionLabels': {
      const wanted = condition['labels'];
      if (!isMap(wanted)) return false;
      return Object.entries(wanted).every(([key, value]) =>
        execution.labels.some((label) => label.key === key && label.value === plainText(value)),
      );
    }
    case 'HasRetryAttempt':
      return execution.runs.some((run) => run.attempts.length > 1);
    case 'Expression':
      return expressionHolds(loop, one, plainText(condition['expression'] ?? ''));
    case 'Not':
      return !listOf(condition).some((inner) => holdsOne(loop, one, inner));
    case 'Or':
      return listOf(condition).some((inner) => holdsOne(loop, one, inner));
    default:
      return false;
  }
}

function listOf(condition: { readonly [key: string]: Value }): readonly Value[] {
  const inner = condition['conditions'];
  return isList(inner) ? inner : [];
}

function expressionHolds(loop: RunLoop, one: Active, expression: string): boolean {
  let isTrue = false;
  renderThen(evaluationFor(loop, one, null), expression, 'text', (result) => {
    isTrue = result.ok && isTruthyText(plainText(result.value ?? ''));
  });
  return isTrue;
}

/** Tells whether all of `conditions` hold. */
export function holds(loop: RunLoop, one: Active, conditions: Value): boolean {
  return !isList(conditions) || conditions.every((condition) => holdsOne(loop, one, condition));
}
