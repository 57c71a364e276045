/**
 * Finds the type that a task, trigger or condition names, and says what is wrong with the name: not
 * known, of the wrong kind, or an older spelling.
 */
import { suggestType } from './create-type-catalogue.ts';
import type { Reading } from './reading.ts';
import type { TypeEntry } from './type-catalogue.ts';
import { child, textOf, type YamlMap } from './yaml-tree.ts';

/** Types that still work, and what replaces each. */
const successors: ReadonlyMap<string, string> = new Map([
  ['core.flow.EachSequential', 'core.flow.ForEach'],
  ['core.flow.EachParallel', 'core.flow.ForEach'],
  ['core.flow.Template', 'core.flow.Subflow'],
  ['core.debug.Echo', 'core.log.Log'],
]);

/** Finds the entry of a written type; an unknown or misplaced one is reported. */
export function resolveType(
  reading: Reading,
  map: YamlMap,
  path: string,
  kinds: readonly TypeEntry['kind'][],
): TypeEntry | undefined {
  const node = child(map, 'type');
  const written = textOf(node);
  if (node === undefined || written === undefined) {
    const noun = kinds.includes('trigger')
      ? 'trigger'
      : kinds.includes('condition')
        ? 'condition'
        : 'task';
    const start = { start: map.start, end: map.start };
    reading.list.report(
      'flow.property-missing',
      node ?? start,
      `${path}.type`,
      `a ${noun} has no \`type\``,
      {
        help:
          noun === 'task'
            ? 'add a type such as `type: core.log.Log`'
            : `add the type of the ${noun}`,
      },
    );
    return undefined;
  }
  const found = reading.catalogue.find(written);
  if (found === undefined) {
    const help = (): string => {
      const near = suggestType(written, reading.catalogue, kinds);
      return near === undefined
        ? 'list the types with `sluice task list`'
        : `did you mean \`${near}\`?`;
    };
    const shown = written.length > 120 ? `${written.slice(0, 120)}…` : written;
    const message = `the type \`${shown}\` is not known`;
    reading.list.report('flow.type-unknown', node, `${path}.type`, message, { help });
    return undefined;
  }
  const { entry, isAlias } = found;
  if (!kinds.includes(entry.kind)) {
    const noun =
      entry.kind === 'trigger' || entry.kind === 'condition' ? `a ${entry.kind}` : 'a task';
    const message = `\`${entry.type}\` is ${noun} and cannot stand here`;
    reading.list.report('flow.type-misplaced', node, `${path}.type`, message);
    return undefined;
  }
  if (isAlias) {
    const message = `the type \`${written}\` is an older spelling of \`${entry.type}\``;
    const help = `write \`type: ${entry.type}\``;
    reading.list.report('flow.type-deprecated', node, `${path}.type`, message, { help });
  }
  const successor = successors.get(entry.type);
  if (!isAlias && successor !== undefined) {
    const message = `the type \`${entry.type}\` is deprecated`;
    const help = `use \`${successor}\``;
    reading.list.report('flow.type-deprecated', node, `${path}.type`, message, { help });
  }
  return entry;
}
