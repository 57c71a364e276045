/** What a rule of governance holds for: everything, a namespace and those below it, a flow, somebody. */

/** The kinds of things that a budget may hold for. */
export const scopeKinds = ['everything', 'namespace', 'flow', 'principal', 'subject'] as const;

/** The kind of thing that a budget holds for. */
export type ScopeKind = (typeof scopeKinds)[number];

/** What a rule holds for. */
export interface Scope {
  readonly kind: ScopeKind;
  /** A name, `namespace/id` of a flow, a handle; `*` for each one by itself; empty for everything. */
  readonly id: string;
}

/** Where and for whom something is done. */
export interface Situated {
  readonly namespace?: string;
  readonly flowId?: string;
  /** Handle of who acts. */
  readonly principal?: string;
  /** Whom it concerns: `customer:812`. */
  readonly subject?: string;
}

/** Tells whether `inner` is the namespace `outer` or below it. */
export function isNamespaceWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}

/** Returns the id of what `where` is in this kind of scope; undefined where it is nothing of the kind. */
function idIn(kind: ScopeKind, where: Situated): string | undefined {
  const { namespace, flowId, principal, subject } = where;
  switch (kind) {
    case 'everything':
      return '';
    case 'namespace':
      return namespace;
    case 'flow':
      return namespace === undefined || flowId === undefined ? undefined : `${namespace}/${flowId}`;
    case 'principal':
      return principal;
    case 'subject':
      return subject;
  }
}

/**
 * Returns under which name `where` counts in `scope`: one name for all that share it, a name each for
 * `*`; undefined where the scope does not cover it.
 */
export function countedAs(scope: Scope, where: Situated): string | undefined {
  const id = idIn(scope.kind, where);
  if (id === undefined) return undefined;
  if (scope.kind === 'everything') return '';
  if (scope.id === '*') return id;
  const isCovered = scope.kind === 'namespace' ? isNamespaceWithin(id, scope.id) : id === scope.id;
  return isCovered ? scope.id : undefined;
}

/** Returns a scope as people write it: `flow shop/refund`. */
export function describeScope({ kind, id }: Scope): string {
  if (kind === 'everything') return 'everything';
  return id === '*' ? `each ${kind}` : `${kind} \`${id}\``;
}
