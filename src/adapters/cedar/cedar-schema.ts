/**
 * The Cedar schema of everything that can be asked, made from the tables of actions and facts and from
 * the catalogue of task types. Strict validation against it finds a misspelt action, a fact that an
 * action does not have, and a condition that reads what may be missing.
 */
import type { SchemaJson, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs';
import {
  type ActionDefinition,
  actionTable,
  type FactName,
  factTable,
  resourceTypes,
  runActionOf,
  runFactNames,
  takesArguments,
  type TaskAction,
} from '../../core/policy/index.ts';

type Attribute = TypeOfAttribute<string>;
type Attributes = Readonly<Record<string, Attribute>>;

const text: Attribute = { type: 'String' };
const number: Attribute = { type: 'Long' };
const claim: Attribute = { type: 'Boolean' };
const texts: Attribute = { type: 'Set', element: { type: 'String' } };
const factTypes = { text, number, claim, texts };

/** The Cedar types of the kinds of principals. */
export const principalTypes = {
  user: 'User',
  'service-account': 'ServiceAccount',
  agent: 'Agent',
  system: 'System',
} as const;

/** What conditions may read of a principal. */
const principalAttributes: Attributes = {
  handle: text,
  roles: texts,
  groups: texts,
  titles: texts,
  persons: texts,
  onBehalfOf: texts,
  factors: texts,
  freshness: text,
};

/** What conditions may read of a resource. */
const resourceAttributes: Attributes = {
  handle: text,
  namespace: { ...text, required: false },
  namespaces: texts,
};

/** What conditions may read of all arguments of an effect together. */
const originAttributes: Attributes = {
  trust: text,
  addressTrust: text,
  controlTrust: text,
  classes: texts,
  controlClasses: texts,
  subjects: texts,
  bits: number,
};

/** What conditions may read of one argument. */
const argumentAttributes: Attributes = {
  trust: text,
  bits: number,
  classes: texts,
  subjects: texts,
  isAddressLike: claim,
};

function record(attributes: Attributes): Attribute {
  return { type: 'Record', attributes: { ...attributes } };
}

function factAttributes(names: readonly FactName[]): Attributes {
  return Object.fromEntries(
    names.map((name) => [name, { ...factTypes[factTable[name].type], required: false }]),
  );
}

function contextOf(action: string, facts: readonly FactName[], properties: readonly string[]) {
  const named = properties.map((one) => [one, { type: 'Argument', required: false }] as const);
  const origins = takesArguments(action)
    ? { ...originAttributes, args: record(Object.fromEntries(named)) }
    : {};
  return record({ ...factAttributes(facts), ...origins });
}

/** The group of all runs of tasks, and that of each effect. */
const runGroup = 'run-task';
const effects = ['none', 'read', 'idempotent', 'external'] as const;

/** Returns the schema for the actions of the table and the runs of `tasks`. */
export function cedarSchema(tasks: readonly TaskAction[]): SchemaJson<string> {
  const everyone = Object.values(principalTypes);
  const actions: SchemaJson<string>[string]['actions'] = { [runGroup]: {} };
  for (const effect of effects) actions[`run-${effect}`] = { memberOf: [{ id: runGroup }] };
  const table: readonly (readonly [string, ActionDefinition])[] = Object.entries(actionTable);
  for (const [id, { resources, facts }] of table) {
    const context = contextOf(id, facts, []);
    actions[id] = {
      appliesTo: { principalTypes: everyone, resourceTypes: [...new Set(resources)], context },
    };
  }
  for (const { type, effect, properties } of tasks) {
    const id = runActionOf(type);
    actions[id] = {
      memberOf: [{ id: `run-${effect}` }],
      appliesTo: {
        principalTypes: everyone,
        resourceTypes: ['Task'],
        context: contextOf(id, runFactNames, properties),
      },
    };
  }
  const shapes = [
    ...everyone.map((type) => [type, principalAttributes] as const),
    ...resourceTypes.map((type) => [type, resourceAttributes] as const),
  ];
  return {
    '': {
      commonTypes: { Argument: record(argumentAttributes) },
      entityTypes: Object.fromEntries(
        shapes.map(([type, shape]) => [type, { shape: record(shape) }]),
      ),
      actions,
    },
  };
}
