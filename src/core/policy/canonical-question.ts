/**
 * The one text of a question: the key of the decision cache, what the ledger's digest is over, and what is
 * stored for replaying drafts over past decisions.
 *
 * INVARIANT: two questions have the same text exactly when no policy can tell them apart; `readQuestion`
 * gives back a question with the same text.
 */
import type { ActionId } from './actions.ts';
import { type FactName, type Facts, factTable } from './facts.ts';
import { type Principal, rolesAt } from './principal.ts';
import type { ArgumentOrigin, Origin, Question, Resource } from './question.ts';

type OriginRow = readonly [Origin['trust'], number, readonly (readonly [string, string | null])[]];

/** What is written of a question, in this order. */
interface CanonicalForm {
  readonly format: 1;
  readonly action: string;
  /** Roles are those that hold in the resource's namespace. */
  readonly principal: readonly [
    kind: Principal['kind'],
    id: string,
    tenant: string,
    roles: readonly string[],
    groups: readonly string[],
    onBehalfOf: readonly string[],
    factors: readonly string[],
    freshness: Principal['authentication']['freshness'],
  ];
  readonly resource: readonly [Resource['type'], string, string, string | null];
  readonly arguments?: readonly (readonly [string, boolean, ...OriginRow])[];
  readonly control?: OriginRow;
  readonly facts?: readonly (readonly [FactName, unknown])[];
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].toSorted();
}

function compareNames(
  a: readonly [string, ...unknown[]],
  b: readonly [string, ...unknown[]],
): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function originRow({ trust, bits, classes }: Origin): OriginRow {
  if (classes.length === 0) return [trust, bits, []];
  const keyed = new Map(
    classes.map(({ name, subject }) => [JSON.stringify([name, subject]), [name, subject] as const]),
  );
  return [trust, bits, [...keyed].toSorted(compareNames).map(([, row]) => row)];
}

function argumentRows(
  given: Readonly<Record<string, ArgumentOrigin>>,
): NonNullable<CanonicalForm['arguments']> {
  return Object.entries(given)
    .toSorted(compareNames)
    .map(([name, one]) => [name, one.isAddressLike, ...originRow(one)] as const);
}

function factRows(facts: Facts): NonNullable<CanonicalForm['facts']> {
  const rows: (readonly [FactName, unknown])[] = [];
  for (const name of Object.keys(facts).toSorted() as FactName[]) {
    const value = facts[name];
    if (value === undefined) continue;
    rows.push([name, typeof value === 'object' ? sorted(value) : value]);
  }
  return rows;
}

/** Returns the one text of `question`. */
export function canonicalQuestion({ principal, action, resource, situation }: Question): string {
  const { arguments: given, control, facts = {} } = situation;
  const rows = factRows(facts);
  const form: CanonicalForm = {
    format: 1,
    action,
    principal: [
      principal.kind,
      principal.id,
      principal.tenant,
      rolesAt(principal, resource.namespace),
      sorted(principal.groups),
      sorted(principal.onBehalfOf),
      sorted(principal.authentication.factors),
      principal.authentication.freshness,
    ],
    resource: [resource.type, resource.id, resource.tenant, resource.namespace],
    // No arguments and arguments of which nothing is known are two things.
    ...(given === undefined ? {} : { arguments: argumentRows(given) }),
    ...(control === undefined ? {} : { control: originRow(control) }),
    ...(rows.length === 0 ? {} : { facts: rows }),
  };
  return JSON.stringify(form);
}

function readOrigin([trust, bits, classes]: OriginRow): Origin {
  return { trust, bits, classes: classes.map(([name, subject]) => ({ name, subject })) };
}

/** Returns the question of a canonical text. Its roles hold in the one namespace that it asks about. */
export function readQuestion(text: string): Question {
  const form = JSON.parse(text) as CanonicalForm;
  const [kind, id, tenant, roles, groups, onBehalfOf, factors, freshness] = form.principal;
  const [type, resourceId, resourceTenant, namespace] = form.resource;
  const given = form.arguments?.map(([name, isAddressLike, ...origin]) => [
    name,
    { ...readOrigin(origin), isAddressLike },
  ]);
  // A fact that the table has no more cannot be read by any policy.
  const facts = form.facts?.filter(([name]) => Object.hasOwn(factTable, name));
  return {
    principal: {
      kind,
      id,
      tenant,
      roles: roles.map((role) => ({ role, namespace: namespace ?? '*' })),
      groups,
      onBehalfOf,
      authentication: { factors, freshness },
    },
    action: form.action as ActionId,
    resource: { type, id: resourceId, tenant: resourceTenant, namespace },
    situation: {
      ...(given === undefined ? {} : { arguments: Object.fromEntries(given) }),
      ...(form.control === undefined ? {} : { control: readOrigin(form.control) }),
      ...(facts === undefined ? {} : { facts: Object.fromEntries(facts) as Facts }),
    },
  };
}
