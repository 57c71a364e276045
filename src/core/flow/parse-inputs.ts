/**
 * Reads the definitions of inputs (of a flow or of a form) and of a flow's outputs, and checks that
 * each agrees with itself: bounds, values, item types, defaults.
 */
import { hasTemplate } from './check-schema.ts';
import { parseDuration } from './duration.ts';
import { type InputDefinition, type InputType, inputTypes, type OutputDefinition } from './flow.ts';
import { findCycle, shownCycle } from './find-cycle.ts';
import { durationOf, optionalText, readId, reportDuplicates } from './parse-parts.ts';
import { readInput } from './read-input.ts';
import { addTemplates, checkShape, itemsOf, type Reading, visitTemplates } from './reading.ts';
import { inputShape, inputShapes, outputShape } from './shapes.ts';
import { didYouMean } from './suggest.ts';
import type { TaskSite } from './task-site.ts';
import {
  booleanOf,
  child,
  numberOf,
  textOf,
  toValue,
  type YamlMap,
  type YamlNode,
} from './yaml-tree.ts';

/** Types under their older or equal names. */
const typeAliases: Readonly<Record<string, { type: InputType; isDeprecated: boolean }>> = {
  ENUM: { type: 'SELECT', isDeprecated: true },
  BOOL: { type: 'BOOLEAN', isDeprecated: false },
};

function readType(
  reading: Reading,
  map: YamlMap,
  key: 'type' | 'itemType',
  path: string,
): InputType | undefined {
  const node = child(map, key);
  const written = textOf(node);
  if (node === undefined || written === undefined) return undefined;
  const alias = Object.hasOwn(typeAliases, written) ? typeAliases[written] : undefined;
  if (alias !== undefined) {
    if (alias.isDeprecated) {
      const message = `the type \`${written}\` is deprecated; its name is \`${alias.type}\``;
      const help = `write \`${alias.type}\``;
      reading.list.report('flow.property-deprecated', node, `${path}.${key}`, message, { help });
    }
    return alias.type;
  }
  const known = inputTypes.find((one) => one === written);
  if (known !== undefined) return known;
  const message = `\`${written}\` is not a type of inputs and outputs`;
  const help = didYouMean(written, inputTypes, `use one of ${inputTypes.join(', ')}`);
  reading.list.report('flow.type-unknown', node, `${path}.${key}`, message, { help });
  return undefined;
}

/** Reads a list of inputs: of the flow, or of the form of the task that stands at `site`. */
export function readInputDefinitions(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
  site?: TaskSite,
): InputDefinition[] {
  const definitions: InputDefinition[] = [];
  const places: { id: string; at: YamlNode; path: string }[] = [];
  const dependencies: { id: string; on: readonly string[]; at: YamlNode; path: string }[] = [];
  for (const [index, item] of itemsOf(reading, node, path).entries()) {
    const at = `${path}[${index}]`;
    const definition = readDefinition(reading, item, at, site);
    if (definition === undefined) continue;
    definitions.push(definition);
    places.push({ id: definition.id, at: item, path: at });
    if (definition.dependsOn !== undefined)
      dependencies.push({ id: definition.id, on: definition.dependsOn.inputs, at: item, path: at });
  }
  reportDuplicates(reading, places, 'inputs');
  const ids = new Set(definitions.map((one) => one.id));
  for (const { on, at, path: where } of dependencies) {
    for (const id of on) {
      if (ids.has(id)) continue;
      const message = `\`${id}\` is not an input`;
      const help = () =>
        didYouMean(id, ids, 'name an input of this flow; the dependency is ignored');
      reading.list.report('flow.input-dependency-unknown', at, `${where}.dependsOn`, message, {
        help,
      });
    }
  }
  const cycle = findCycle(dependencies.map(({ id, on }) => [id, on] as const));
  const first = dependencies.find((one) => one.id === cycle?.[0]);
  if (cycle !== undefined && first !== undefined) {
    const message = `inputs depend on each other: ${shownCycle(cycle)}`;
    reading.list.report('flow.cycle-found', first.at, `${first.path}.dependsOn`, message);
  }
  return definitions;
}

function readDefinition(
  reading: Reading,
  node: YamlNode,
  path: string,
  site: TaskSite | undefined,
): InputDefinition | undefined {
  const type = node.kind === 'map' ? readType(reading, node, 'type', path) : undefined;
  const shape = type === undefined ? inputShape : inputShapes[type];
  const owner = type === undefined ? 'an input' : `an input of type ${type}`;
  const map = checkShape(reading, node, shape ?? inputShape, path, owner);
  if (map === undefined) return undefined;
  const id = readId(reading, map, path, 'dotted');
  if (id === undefined || type === undefined) return undefined;
  // A form is filled in while its task waits, so that it may read what ran before.
  addTemplates(
    reading,
    map,
    path,
    site === undefined ? { reader: 'inputs' } : { reader: 'task', site },
  );
  const definition: InputDefinition = {
    id,
    type,
    ...optionalText(map, 'description'),
    ...optionalText(map, 'displayName'),
    isRequired: booleanOf(child(map, 'required')) ?? true,
    ...readPresets(map),
    ...readDependsOn(map),
    ...readBounds(map, type),
    ...readChoices(map),
    ...readItemType(reading, map, type, path),
    ...readGovernance(map),
    span: reading.list.span(node),
  };
  checkDefinition(reading, map, definition, path);
  return definition;
}

function readPresets(map: YamlMap): Pick<InputDefinition, 'defaults' | 'prefill'> {
  const defaults = child(map, 'defaults');
  const prefill = child(map, 'prefill');
  return {
    ...(defaults === undefined ? {} : { defaults: toValue(defaults) }),
    ...(prefill === undefined ? {} : { prefill: toValue(prefill) }),
  };
}

function readDependsOn(map: YamlMap): Pick<InputDefinition, 'dependsOn'> {
  const node = child(map, 'dependsOn');
  if (node?.kind !== 'map') return {};
  const condition = textOf(child(node, 'condition'));
  return {
    dependsOn: {
      inputs: textsOf(child(node, 'inputs')) ?? [],
      ...(condition === undefined ? {} : { condition }),
    },
  };
}

function readGovernance(map: YamlMap): Pick<InputDefinition, 'governance'> {
  const node = child(map, 'governance');
  if (node?.kind !== 'map') return {};
  const subject = textOf(child(node, 'subject'));
  return {
    governance: {
      classes: textsOf(child(node, 'classes')) ?? [],
      ...(subject === undefined ? {} : { subject }),
    },
  };
}

function textsOf(node: YamlNode | undefined): string[] | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== 'list') {
    const one = textOf(node);
    return one === undefined ? undefined : [one];
  }
  return node.items.map(textOf).filter((text) => text !== undefined);
}

function readBounds(
  map: YamlMap,
  type: InputType,
): Pick<InputDefinition, 'min' | 'max' | 'after' | 'before' | 'validator'> {
  const bound = (key: 'min' | 'max') =>
    type === 'DURATION' ? textOf(child(map, key)) : numberOf(child(map, key));
  const min = bound('min');
  const max = bound('max');
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...optionalText(map, 'after'),
    ...optionalText(map, 'before'),
    ...optionalText(map, 'validator'),
  };
}

type Choices = Pick<
  InputDefinition,
  | 'values'
  | 'expression'
  | 'allowCustomValue'
  | 'autoSelectFirst'
  | 'isRadio'
  | 'allowedFileExtensions'
  | 'accept'
>;

function readChoices(map: YamlMap): Choices {
  const values = textsOf(child(map, 'values'));
  const extensions = textsOf(child(map, 'allowedFileExtensions'));
  const accept = textsOf(child(map, 'accept'));
  const allowCustomValue = booleanOf(child(map, 'allowCustomValue'));
  const autoSelectFirst = booleanOf(child(map, 'autoSelectFirst'));
  const isRadio = booleanOf(child(map, 'isRadio'));
  return {
    ...(values === undefined ? {} : { values }),
    ...optionalText(map, 'expression'),
    ...(allowCustomValue === undefined ? {} : { allowCustomValue }),
    ...(autoSelectFirst === undefined ? {} : { autoSelectFirst }),
    ...(isRadio === undefined ? {} : { isRadio }),
    ...(extensions === undefined ? {} : { allowedFileExtensions: extensions }),
    ...(accept === undefined ? {} : { accept }),
  };
}

function readItemType(
  reading: Reading,
  map: YamlMap,
  type: InputType,
  path: string,
): { itemType?: InputType } {
  if (type !== 'ARRAY' && type !== 'MULTISELECT') return {};
  const itemType = readType(reading, map, 'itemType', path);
  if (itemType === undefined) return {};
  if (itemType !== 'ARRAY') return { itemType };
  const message = `the items of an ${type} cannot be of type ARRAY`;
  const help = 'use the type JSON for lists of lists';
  reading.list.report(
    'flow.input-invalid',
    child(map, 'itemType') ?? map,
    `${path}.itemType`,
    message,
    { help },
  );
  return {};
}

function checkDefinition(
  reading: Reading,
  map: YamlMap,
  definition: InputDefinition,
  path: string,
): void {
  const { type } = definition;
  const invalid = (key: string, message: string, help: string): void =>
    reading.list.report('flow.input-invalid', child(map, key) ?? map, `${path}.${key}`, message, {
      help,
    });
  const isChoice = type === 'SELECT' || type === 'MULTISELECT';
  if (isChoice && definition.values === undefined && definition.expression === undefined) {
    invalid(
      'values',
      `the input \`${definition.id}\` has no values`,
      'add `values` or `expression`',
    );
  }
  if (isChoice && definition.values?.length === 0)
    invalid('values', `the input \`${definition.id}\` has no values`, 'add a value');
  if (boundsCross(map, definition))
    invalid('min', '`min` is greater than `max`', 'exchange the two');
  const { after, before } = definition;
  if (
    after !== undefined &&
    before !== undefined &&
    after >= before &&
    after.length === before.length
  )
    invalid('after', '`after` is not before `before`', 'exchange the two');
  checkDefault(reading, map, definition, path);
}

function boundsCross(map: YamlMap, { type, min, max }: InputDefinition): boolean {
  if (min === undefined || max === undefined) return false;
  if (type !== 'DURATION') return min > max;
  return (parseDuration(String(min)) ?? 0) > (durationOf(map, 'max') ?? Number.POSITIVE_INFINITY);
}

function checkDefault(
  reading: Reading,
  map: YamlMap,
  definition: InputDefinition,
  path: string,
): void {
  const node = child(map, 'defaults');
  if (node === undefined || definition.defaults === undefined) return;
  let isTemplate = false;
  visitTemplates(node, '', () => {
    isTemplate = true;
  });
  if (isTemplate) return;
  const at = `${path}.defaults`;
  const code = 'flow.input-default-invalid';
  if (definition.type === 'FILE') {
    const text = textOf(node) ?? '';
    if (text.startsWith('nsfile:///')) return;
    const message = `the default of the file input \`${definition.id}\` is not a file of the namespace`;
    const help = 'write `nsfile:///path`, or leave the default out';
    reading.list.report(code, node, at, message, { help });
    return;
  }
  if (definition.expression !== undefined && hasTemplate(definition.expression)) return;
  const read = readInput(definition, definition.defaults);
  if (read.ok) return;
  reading.list.report(code, node, at, `the default of ${read.message}`, { help: read.help });
}

/** Reads the outputs of a flow. */
export function readOutputDefinitions(
  reading: Reading,
  node: YamlNode | undefined,
): OutputDefinition[] {
  const definitions: OutputDefinition[] = [];
  const places: { id: string; at: YamlNode; path: string }[] = [];
  for (const [index, item] of itemsOf(reading, node, 'outputs').entries()) {
    const path = `outputs[${index}]`;
    const map = checkShape(reading, item, outputShape, path, 'an output');
    if (map === undefined) continue;
    const id = readId(reading, map, path, 'dotted');
    const type = readType(reading, map, 'type', path);
    const value = child(map, 'value');
    addTemplates(reading, value, `${path}.value`, { reader: 'end' });
    if (id === undefined) continue;
    places.push({ id, at: item, path });
    if (type === undefined || value === undefined) continue;
    definitions.push({
      id,
      type,
      ...readItemType(reading, map, type, path),
      value: toValue(value),
      ...optionalText(map, 'description'),
      ...optionalText(map, 'displayName'),
      isRequired: booleanOf(child(map, 'required')) ?? true,
      span: reading.list.span(item),
    });
  }
  reportDuplicates(reading, places, 'outputs');
  return definitions;
}
