/**
 * Who asks: a person, a service account, an agent or the system itself, with the roles it holds and how
 * it proved who it is. Ids are opaque handles, so that a recorded question names nobody.
 *
 * INVARIANT: a role holds in the namespace it is bound to and below it, and nowhere else.
 */

/** The kinds of principals. */
export const principalKinds = ['user', 'service-account', 'agent', 'system'] as const;

/** The kind of a principal. */
export type PrincipalKind = (typeof principalKinds)[number];

/** A role and where it holds. */
export interface RoleBinding {
  readonly role: string;
  /** A namespace, which covers those below it; `*` for all. */
  readonly namespace: string;
}

/** How long ago a principal proved who it is. Bands, so that equal questions stay equal. */
export const freshnessBands = ['fresh', 'recent', 'old'] as const;

/** How long ago a principal proved who it is: within 5 minutes, within 30 minutes, longer. */
export type Freshness = (typeof freshnessBands)[number];

/** How a principal proved who it is. */
export interface Authentication {
  /** `password`, `totp`, `passkey`, `oidc`, `token`, `process` (the machine's own user). */
  readonly factors: readonly string[];
  readonly freshness: Freshness;
}

/** Who asks. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** Opaque handle. */
  readonly id: string;
  readonly tenant: string;
  readonly roles: readonly RoleBinding[];
  readonly groups: readonly string[];
  /** Handles of those it acts for: owners of an agent or service account, who delegated, who asked it. */
  readonly onBehalfOf: readonly string[];
  readonly authentication: Authentication;
}

const freshMs = 5 * 60_000;
const recentMs = 30 * 60_000;

/** Returns the band of a proof of `authenticatedAt`; both are epoch milliseconds. */
export function freshnessOf(authenticatedAt: number, now: number): Freshness {
  const age = now - authenticatedAt;
  // A proof from the future is a wrong clock, never a fresh one.
  if (!(age >= 0)) return 'old';
  if (age <= freshMs) return 'fresh';
  return age <= recentMs ? 'recent' : 'old';
}

/** Returns a namespace with those above it, the nearest first: `a.b.c`, `a.b`, `a`. */
export function namespaceLine(namespace: string): readonly string[] {
  if (namespace === '') return [];
  const line = [namespace];
  for (let at = namespace.lastIndexOf('.'); at > 0; at = namespace.lastIndexOf('.', at - 1)) {
    line.push(namespace.slice(0, at));
  }
  return line;
}

/** Returns the roles that `principal` holds in `namespace`, sorted; with null, those it holds everywhere. */
export function rolesAt(principal: Principal, namespace: string | null): readonly string[] {
  const roles = new Set<string>();
  for (const binding of principal.roles) {
    const isHeld =
      binding.namespace === '*' ||
      (namespace !== null &&
        (namespace === binding.namespace || namespace.startsWith(`${binding.namespace}.`)));
    if (isHeld) roles.add(binding.role);
  }
  return [...roles].toSorted();
}

/** Returns the handles that answer for what `principal` does: its own and those it acts for. */
export function personsBehind(principal: Principal): readonly string[] {
  return [...new Set([principal.id, ...principal.onBehalfOf])].toSorted();
}

/** Returns what an approval may name `principal` by: `role:…`, `group:…` and `user:…`. */
export function titlesOf(principal: Principal, namespace: string | null): readonly string[] {
  return [
    ...rolesAt(principal, namespace).map((role) => `role:${role}`),
    ...principal.groups.map((group) => `group:${group}`),
    `user:${principal.id}`,
  ];
}
