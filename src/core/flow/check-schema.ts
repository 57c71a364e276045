/**
 * Checks a part of a flow against the schema of a property: type, allowed values, bounds, form,
 * required and unknown keys. A text that holds a template passes where templates are rendered, since
 * only the run knows what it gives.
 *
 * Texts are taken for numbers and booleans when they spell one, and scalars for texts, because that
 * is how the language has always read YAML.
 */
import { shortType } from './create-type-catalogue.ts';
import type { DiagnosticCode } from './diagnostic-catalogue.ts';
import type { OffsetRange } from './diagnostic-list.ts';
import { formats } from './patterns.ts';
import { didYouMean, suggest } from './suggest.ts';
import type { PropertySchema } from './type-catalogue.ts';
import {
  booleanOf,
  isNothing,
  numberOf,
  textOf,
  type YamlMap,
  type YamlNode,
} from './yaml-tree.ts';

/** Something that a schema refuses. */
export interface SchemaProblem {
  readonly code: DiagnosticCode;
  readonly at: OffsetRange;
  readonly path: string;
  readonly message: string;
  readonly help?: string;
}

/** How a schema is applied. */
interface SchemaUse {
  /** The schema that `$ref` points into. */
  readonly root: PropertySchema;
  /** True where every text is rendered; else only those whose schema says `dynamic`. */
  readonly allowsTemplates: boolean;
  /** Whose properties they are, for sentences. */
  readonly owner: string;
}

const refDepthMax = 50;

/** Tells whether `text` holds a template. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

function resolve(schema: PropertySchema, root: PropertySchema): PropertySchema {
  let current = schema;
  for (let depth = 0; depth < refDepthMax; depth += 1) {
    const reference = current['$ref'];
    if (typeof reference !== 'string') return current;
    let target: unknown = root;
    for (const part of reference.replace(/^#\/?/, '').split('/')) {
      if (part === '' || target === undefined) continue;
      const holder = target as Readonly<Record<string, unknown>>;
      target = Object.hasOwn(holder, part) ? holder[part] : undefined;
    }
    if (target === undefined || target === current) return {};
    current = target as PropertySchema;
  }
  return {};
}

/** Returns the JSON types that a schema allows; undefined: any. */
function typesOf(schema: PropertySchema): readonly string[] | undefined {
  if (typeof schema.type === 'string') return [schema.type];
  if (schema.type !== undefined) return schema.type;
  if (schema.properties !== undefined) return ['object'];
  if (schema.items !== undefined) return ['array'];
  return undefined;
}

function spells(node: YamlNode, type: string, use: SchemaUse): boolean {
  switch (type) {
    case 'object':
      return node.kind === 'map' || (use.allowsTemplates && startsLike(node, '{'));
    case 'array':
      return node.kind === 'list' || (use.allowsTemplates && startsLike(node, '['));
    case 'string':
      return node.kind === 'scalar';
    case 'boolean':
      return booleanOf(node) !== undefined;
    case 'number':
      return numberOf(node) !== undefined;
    case 'integer':
      return Number.isInteger(numberOf(node));
    default:
      return false;
  }
}

/** A list or map may be given as JSON text, which the renderer reads. */
function startsLike(node: YamlNode, bracket: string): boolean {
  return textOf(node)?.trimStart().startsWith(bracket) === true;
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
};

function nameOf(schema: PropertySchema, root: PropertySchema): string[] {
  const resolved = resolve(schema, root);
  const branches = resolved.anyOf ?? resolved.oneOf;
  if (branches !== undefined) return branches.flatMap((branch) => nameOf(branch, root));
  if (resolved.enum !== undefined)
    return resolved.enum.slice(0, 12).map((one) => `\`${String(one)}\``);
  const { const: constant } = resolved;
  if (typeof constant === 'string' || typeof constant === 'number') return [`\`${constant}\``];
  return (typesOf(resolved) ?? [])
    .filter((type) => type !== 'null')
    .map((type) => typeNames[type] ?? type);
}

function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  const text = textOf(node) ?? 'nothing';
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `\`${short.replaceAll('\n', ' ').replaceAll('`', "'")}\``;
}

function equals(node: YamlNode, allowed: unknown, key: string): boolean {
  const text = textOf(node);
  if (text === undefined) return false;
  const wanted = String(allowed);
  return text === wanted || (key === 'type' && shortType(text) === shortType(wanted));
}

/** Returns the branches that may fit: right kind, and right `type` where branches are told apart by it. */
function fittingBranches(
  node: YamlNode,
  branches: readonly PropertySchema[],
  use: SchemaUse,
): PropertySchema[] {
  const fitting: PropertySchema[] = [];
  for (const branch of branches) {
    const schema = resolve(branch, use.root);
    const inner = schema.anyOf ?? schema.oneOf;
    if (inner !== undefined) fitting.push(...fittingBranches(node, inner, use));
    else if (fits(node, schema, use)) fitting.push(schema);
  }
  return fitting;
}

function fits(node: YamlNode, schema: PropertySchema, use: SchemaUse): boolean {
  if (schema.enum !== undefined) return schema.enum.some((one) => equals(node, one, ''));
  if (schema.const !== undefined) return equals(node, schema.const, '');
  const types = typesOf(schema);
  if (types !== undefined && !types.some((type) => spells(node, type, use))) return false;
  if (node.kind !== 'map' || schema.properties === undefined) return true;
  for (const [key, property] of Object.entries(schema.properties)) {
    const constant = resolve(property, use.root);
    const given = node.entries.get(key)?.value;
    if (constant.const !== undefined && given !== undefined && !equals(given, constant.const, key))
      return false;
  }
  return true;
}

/** Adds to `problems` what `schema` refuses in `node`, which stands at `path` under the key `key`. */
export function checkSchema(
  node: YamlNode,
  given: PropertySchema,
  path: string,
  key: string,
  use: SchemaUse,
  problems: SchemaProblem[],
): void {
  if (isNothing(node)) return;
  const schema = resolve(given, use.root);
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  if (
    text !== undefined &&
    (use.allowsTemplates || schema['dynamic'] === true) &&
    hasTemplate(text)
  )
    return;
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) {
    checkBranches(node, schema, branches, path, key, use, problems);
    return;
  }
  for (const part of (schema['allOf'] as readonly PropertySchema[] | undefined) ?? []) {
    checkSchema(node, part, path, key, use, problems);
  }
  if (schema.enum !== undefined || schema.const !== undefined) {
    checkEnum(node, schema.enum ?? [schema.const], path, key, use, problems);
    return;
  }
  const types = typesOf(schema);
  if (types !== undefined && !types.some((type) => spells(node, type, use))) {
    problems.push(typeProblem(node, schema, path, key, use));
    return;
  }
  if (text !== undefined && types?.includes('string') === false && /^[[{]/.test(text.trimStart())) {
    const problem = formats['json']?.problem(text);
    if (problem === undefined) return;
    const message = `\`${key}\` is a text that begins like JSON but is not JSON`;
    problems.push({ code: 'flow.json-invalid', at: node, path, message });
  } else if (node.kind === 'map') checkMap(node, schema, path, use, problems);
  else if (node.kind === 'list') checkList(node, schema, path, key, use, problems);
  else checkScalar(node, schema, path, key, problems);
}

function typeProblem(
  node: YamlNode,
  schema: PropertySchema,
  path: string,
  key: string,
  use: SchemaUse,
): SchemaProblem {
  const names = [...new Set(nameOf(schema, use.root))].slice(0, 8).join(' or ');
  const message = `\`${key}\` is ${describe(node)}, but has to be ${names === '' ? 'something else' : names}`;
  const problem = { code: 'flow.property-type-wrong', at: node, path, message } as const;
  return use.allowsTemplates ? problem : { ...problem, help: 'give a value of that type' };
}

function checkBranches(
  node: YamlNode,
  schema: PropertySchema,
  branches: readonly PropertySchema[],
  path: string,
  key: string,
  use: SchemaUse,
  problems: SchemaProblem[],
): void {
  const fitting = fittingBranches(node, branches, use);
  let fewest: SchemaProblem[] | undefined;
  for (const branch of fitting) {
    const found: SchemaProblem[] = [];
    checkSchema(node, branch, path, key, use, found);
    if (found.length === 0) return;
    if (fewest === undefined || found.length < fewest.length) fewest = found;
  }
  if (fewest !== undefined) problems.push(...fewest);
  else if (key === 'type' || node.kind !== 'map')
    problems.push(typeProblem(node, schema, path, key, use));
  else problems.push(...discriminatorProblem(node, schema, branches, path, key, use));
}

/** A map that fits no branch: names the `type`s there are, where the branches are told apart by it. */
function discriminatorProblem(
  node: YamlMap,
  schema: PropertySchema,
  branches: readonly PropertySchema[],
  path: string,
  key: string,
  use: SchemaUse,
): SchemaProblem[] {
  const types = branches
    .map((branch) => resolve(resolve(branch, use.root).properties?.['type'] ?? {}, use.root).const)
    .filter((one) => typeof one === 'string');
  const written = node.entries.get('type');
  if (types.length === 0 || written === undefined)
    return [typeProblem(node, schema, path, key, use)];
  const text = textOf(written.value) ?? '';
  const message = `\`${text}\` is not a type that \`${key}\` allows`;
  const help = didYouMean(shortType(text), types, `use one of ${types.slice(0, 8).join(', ')}`);
  return [{ code: 'flow.type-unknown', at: written.value, path: `${path}.type`, message, help }];
}

function checkEnum(
  node: YamlNode,
  allowed: readonly unknown[],
  path: string,
  key: string,
  use: SchemaUse,
  problems: SchemaProblem[],
): void {
  if (allowed.some((one) => equals(node, one, key))) return;
  const names = allowed.map(String);
  const shown = names.slice(0, 12).join(', ');
  const near = suggest(textOf(node) ?? '', names);
  const help =
    near === undefined ? `use one of ${shown}` : `did you mean \`${near}\`? allowed: ${shown}`;
  const message = `\`${key}\` of ${use.owner} cannot be ${describe(node)}`;
  problems.push({ code: 'flow.property-value-wrong', at: node, path, message, help });
}

function checkMap(
  node: YamlMap,
  schema: PropertySchema,
  path: string,
  use: SchemaUse,
  problems: SchemaProblem[],
): void {
  const properties = schema.properties ?? {};
  for (const [key, entry] of node.entries) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const inner = path === '' ? key : `${path}.${key}`;
    if (own !== undefined) {
      checkSchema(entry.value, own, inner, key, use, problems);
    } else if (schema.additionalProperties === false) {
      const message = `\`${key}\` is not a property of ${use.owner}`;
      const otherwise = `it has ${listed(Object.keys(properties))}`;
      const help = didYouMean(key, Object.keys(properties), otherwise);
      problems.push({
        code: 'flow.property-unknown',
        at: entry.keyPlace,
        path: inner,
        message,
        help,
      });
    } else if (typeof schema.additionalProperties === 'object') {
      checkSchema(entry.value, schema.additionalProperties, inner, key, use, problems);
    }
  }
  for (const required of schema.required ?? []) {
    if (properties[required]?.default !== undefined) continue;
    if (!isNothing(node.entries.get(required)?.value)) continue;
    const message = `${use.owner} has no \`${required}\``;
    const start = { start: node.start, end: node.start };
    const inner = path === '' ? required : `${path}.${required}`;
    const said = properties[required]?.description;
    const help = said === undefined ? `add \`${required}\`` : `add \`${required}\`: ${said}`;
    problems.push({ code: 'flow.property-missing', at: start, path: inner, message, help });
  }
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'no properties';
  const shown = names.slice(0, 15).map((name) => `\`${name}\``);
  return names.length > 15 ? `${shown.join(', ')} and more` : shown.join(', ');
}

function checkList(
  node: Extract<YamlNode, { kind: 'list' }>,
  schema: PropertySchema,
  path: string,
  key: string,
  use: SchemaUse,
  problems: SchemaProblem[],
): void {
  const min = schema['minItems'];
  if (typeof min === 'number' && node.items.length < min) {
    const message = `\`${key}\` needs at least ${min} ${min === 1 ? 'item' : 'items'}`;
    problems.push({ code: 'flow.property-value-wrong', at: node, path, message });
  }
  if (schema.items === undefined) return;
  for (const [index, item] of node.items.entries()) {
    checkSchema(item, schema.items, `${path}[${index}]`, key, use, problems);
  }
}

function checkScalar(
  node: YamlNode,
  schema: PropertySchema,
  path: string,
  key: string,
  problems: SchemaProblem[],
): void {
  const wrong = (message: string): void => {
    problems.push({ code: 'flow.property-value-wrong', at: node, path, message });
  };
  const number = numberOf(node);
  const isNumeric =
    typesOf(schema)?.some((type) => type === 'number' || type === 'integer') === true;
  if (number !== undefined && isNumeric) {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    if (typeof minimum === 'number' && number < minimum)
      wrong(`\`${key}\` is ${number}, but has to be at least ${minimum}`);
    if (typeof maximum === 'number' && number > maximum)
      wrong(`\`${key}\` is ${number}, but has to be at most ${maximum}`);
    if (typeof exclusiveMinimum === 'number' && number <= exclusiveMinimum)
      wrong(`\`${key}\` is ${number}, but has to be above ${exclusiveMinimum}`);
    if (typeof exclusiveMaximum === 'number' && number >= exclusiveMaximum)
      wrong(`\`${key}\` is ${number}, but has to be below ${exclusiveMaximum}`);
    return;
  }
  const text = textOf(node);
  if (text === undefined) return;
  const { minLength, maxLength } = schema;
  if (typeof minLength === 'number' && text.length < minLength)
    wrong(
      minLength === 1
        ? `\`${key}\` is empty`
        : `\`${key}\` is shorter than ${minLength} characters`,
    );
  if (typeof maxLength === 'number' && text.length > maxLength)
    wrong(`\`${key}\` is longer than ${maxLength} characters`);
  const name = schema['format'];
  const format =
    typeof name === 'string' && Object.hasOwn(formats, name) ? formats[name] : undefined;
  const problem = format?.problem(text);
  if (format === undefined || problem === undefined) return;
  const message = `${describe(node)} in \`${key}\` is not ${format.name}`;
  const generic = `it is not ${format.name}`;
  const options = problem === generic ? {} : { help: `${problem}` };
  problems.push({ code: format.code, at: node, path, message, ...options });
}
