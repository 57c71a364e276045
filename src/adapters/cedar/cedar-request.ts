/**
 * A question in Cedar's terms, with no more in it than the policies at hand read.
 *
 * INVARIANT: what is not known is left out, never filled with a value; a policy that needs it errs, and
 * an error denies.
 */
import type { CedarValueJson, EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import {
  addressLike,
  type ArgumentOrigin,
  bitsOf,
  classNames,
  type FactName,
  factTable,
  namespaceLine,
  personsBehind,
  type Principal,
  type Question,
  type Resource,
  rolesAt,
  type Situation,
  subjectsOf,
  titlesOf,
  worstTrust,
} from '../../core/policy/index.ts';
import { principalTypes } from './cedar-schema.ts';
import type { Reads } from './condition-reads.ts';

/** A question in Cedar's terms. */
export interface CedarRequest {
  readonly principal: { readonly type: string; readonly id: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: Record<string, CedarValueJson>;
  readonly entities: EntityJson[];
}

type Read<T> = (of: T) => CedarValueJson | undefined;

const principalReaders: Readonly<Record<string, Read<Question>>> = {
  handle: ({ principal }) => principal.id,
  roles: ({ principal, resource }) => [...rolesAt(principal, resource.namespace)],
  groups: ({ principal }) => [...principal.groups],
  titles: ({ principal, resource }) => [...titlesOf(principal, resource.namespace)],
  persons: ({ principal }) => [...personsBehind(principal)],
  onBehalfOf: ({ principal }) => [...principal.onBehalfOf],
  factors: ({ principal }) => [...principal.authentication.factors],
  freshness: ({ principal }) => principal.authentication.freshness,
};

const resourceReaders: Readonly<Record<string, Read<Resource>>> = {
  handle: ({ id }) => id,
  namespace: ({ namespace }) => namespace ?? undefined,
  namespaces: ({ namespace }) => (namespace === null ? [] : [...namespaceLine(namespace)]),
};

function argumentsOf<T>(
  read: (all: readonly ArgumentOrigin[]) => T,
): (of: Situation) => T | undefined {
  return ({ arguments: given }) => (given === undefined ? undefined : read(Object.values(given)));
}

const originReaders: Readonly<Record<string, Read<Situation>>> = {
  trust: argumentsOf(worstTrust),
  addressTrust: argumentsOf((all) => worstTrust(addressLike(all))),
  controlTrust: ({ control }) => (control === undefined ? undefined : worstTrust([control])),
  classes: argumentsOf((all) => [...classNames(all)]),
  controlClasses: ({ control }) => (control === undefined ? undefined : [...classNames([control])]),
  subjects: argumentsOf((all) => [...subjectsOf(all)]),
  bits: argumentsOf(bitsOf),
};

function argumentRecord(one: ArgumentOrigin): CedarValueJson {
  return {
    trust: worstTrust([one]),
    bits: bitsOf([one]),
    classes: [...classNames([one])],
    subjects: [...subjectsOf([one])],
    isAddressLike: one.isAddressLike,
  };
}

/** Which parts of a question a slice of policies reads, resolved once. */
export interface Projection {
  readonly isPrincipalNamed: boolean;
  readonly isResourceNamed: boolean;
  readonly principal: readonly string[];
  readonly resource: readonly string[];
  readonly origins: readonly string[];
  readonly facts: readonly FactName[];
  /** Names of arguments; null: all of them; undefined: none, nor the record of them. */
  readonly arguments: readonly string[] | null | undefined;
}

function below(paths: ReadonlySet<string>, prefix: string): readonly string[] {
  return [...paths].filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
}

/** Returns which parts of a question policies with these `reads` see. */
export function projectionOf(reads: Reads): Projection {
  const isContextWhole = reads.whole.has('context');
  const context = isContextWhole
    ? [...Object.keys(factTable), ...Object.keys(originReaders)]
    : below(reads.paths, 'context.').filter((one) => !one.startsWith('args.'));
  const named = below(reads.paths, 'context.args.');
  const isAll = isContextWhole || reads.whole.has('context.args');
  return {
    isPrincipalNamed: reads.whole.has('principal'),
    isResourceNamed: reads.whole.has('resource'),
    principal: below(reads.paths, 'principal.'),
    resource: below(reads.paths, 'resource.'),
    origins: context.filter((one) => Object.hasOwn(originReaders, one)),
    facts: context.filter((one): one is FactName => Object.hasOwn(factTable, one)),
    arguments: isAll ? null : named.length > 0 ? named : undefined,
  };
}

function pick<T>(
  names: readonly string[],
  readers: Readonly<Record<string, Read<T>>>,
  of: T,
  into: Record<string, CedarValueJson>,
): void {
  for (const name of names) {
    const value = readers[name]?.(of);
    if (value !== undefined) into[name] = value;
  }
}

function pickArguments(
  names: readonly string[] | null,
  given: Readonly<Record<string, ArgumentOrigin>>,
): CedarValueJson {
  const picked: Record<string, CedarValueJson> = {};
  for (const name of names ?? Object.keys(given)) {
    const one = Object.hasOwn(given, name) ? given[name] : undefined;
    if (one !== undefined) picked[name] = argumentRecord(one);
  }
  return picked;
}

function typeOf({ kind }: Principal): string {
  return principalTypes[kind];
}

/** Returns what Cedar is asked for `question`. */
export function requestOf(question: Question, projection: Projection): CedarRequest {
  const { principal, resource, situation } = question;
  // An identity that no policy reads is the same for all, so that the cache serves all.
  const asking = {
    type: typeOf(principal),
    id: projection.isPrincipalNamed ? principal.id : '',
  };
  const asked = { type: resource.type, id: projection.isResourceNamed ? resource.id : '' };
  const entities: EntityJson[] = [];
  if (projection.principal.length > 0) {
    const attrs = {};
    pick(projection.principal, principalReaders, question, attrs);
    entities.push({ uid: asking, attrs, parents: [] });
  }
  if (projection.resource.length > 0) {
    const attrs = {};
    pick(projection.resource, resourceReaders, resource, attrs);
    entities.push({ uid: asked, attrs, parents: [] });
  }
  const context: Record<string, CedarValueJson> = {};
  pick(projection.origins, originReaders, situation, context);
  const facts = situation.facts;
  if (facts !== undefined) {
    for (const name of projection.facts) {
      const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
      if (value !== undefined) context[name] = typeof value === 'object' ? [...value] : value;
    }
  }
  const given = situation.arguments;
  if (projection.arguments !== undefined && given !== undefined) {
    context['args'] = pickArguments(projection.arguments, given);
  }
  return { principal: asking, resource: asked, context, entities };
}
