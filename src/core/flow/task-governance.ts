/**
 * What a task says of itself to governance: what follows when nobody knows whether its effect took place,
 * and what a run of it spends. The shape of every task has checked keys and types; what they mean together
 * is checked here.
 */
import { hasTemplate } from './check-schema.ts';
import type { TaskGovernance, TaskSpends, UnknownRule } from './flow.ts';
import type { Reading } from './reading.ts';
import type { TypeEntry } from './type-catalogue.ts';
import { child, isNothing, textOf, toValue, type YamlMap } from './yaml-tree.ts';

const currencyPattern = /^[A-Z]{3}$/;

/** What budgets count; one of them at least is declared. */
const amounts = ['money', 'messages', 'tokens', 'price-changes', 'changePermille'];

/** Reports what contradicts itself in what the task `map` says it spends. */
export function checkSpends(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  const governance = child(map, 'governance');
  const spends = governance?.kind === 'map' ? governance.entries.get('spends') : undefined;
  if (spends?.value.kind !== 'map') return;
  const at = `${path}.governance.spends`;
  const { value: declared, keyPlace } = spends;
  const wrong = (node: { start: number; end: number }, where: string, what: string, help: string) =>
    reading.list.report('flow.spends-invalid', node, where, what, { help });
  if (entry.kind === 'flowable') {
    const help = 'declare it at the task inside that spends it';
    wrong(keyPlace, at, `\`${entry.type}\` runs other tasks and spends nothing itself`, help);
    return;
  }
  const money = declared.entries.get('money');
  const currency = declared.entries.get('currency');
  if (money !== undefined && isNothing(currency?.value)) {
    wrong(money.keyPlace, `${at}.money`, '`money` has no `currency`', 'add `currency: EUR`');
  }
  if (money === undefined && currency !== undefined) {
    const help = 'add `money` in minor units, or remove `currency`';
    wrong(currency.keyPlace, `${at}.currency`, '`currency` stands without `money`', help);
  }
  const text = textOf(currency?.value);
  if (currency !== undefined && text !== undefined && !hasTemplate(text)) {
    if (!currencyPattern.test(text)) {
      const help = 'use the three capital letters of ISO 4217, like `EUR`';
      wrong(currency.value, `${at}.currency`, `\`${text.slice(0, 40)}\` is no currency`, help);
    }
  }
  const isEmpty = !['currency', ...amounts].some(
    (name) => !isNothing(declared.entries.get(name)?.value),
  );
  if (isEmpty) {
    const help = 'say how much: `money` with `currency`, `messages`, `tokens` or `price-changes`';
    wrong(keyPlace, at, '`spends` says of nothing how much', help);
  }
}

/** Returns what a task says of itself to governance. */
export function readTaskGovernance(governance: YamlMap): TaskGovernance {
  const onUnknown = textOf(child(governance, 'onUnknown'));
  const spends = child(governance, 'spends');
  return {
    // The shape of every task has checked that it is one of the three.
    ...(onUnknown !== undefined && { onUnknown: onUnknown as UnknownRule }),
    ...(spends?.kind === 'map' && { spends: toValue(spends) as TaskSpends }),
  };
}
