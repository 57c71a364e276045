/**
 * Who sends a request: asked once for each, before anything else of it is looked at. What it takes to be
 * somebody (passwords, tokens, sessions, passkeys) is behind this port.
 *
 * INVARIANT: a refusal never says which part was wrong, nor whether a name exists.
 */
import type { Principal } from '../core/policy/index.ts';

/** What a request tells of who sends it. */
export interface RequestFacts {
  /** The header `Authorization`. */
  readonly authorization?: string;
  /** The header `Cookie`. */
  readonly cookie?: string;
  readonly remoteAddress: string;
  /** The tenant that the request is about. */
  readonly tenant: string;
}

/** Who sends a request, or why that is not known. */
export type Authenticated =
  | { readonly isKnown: true; readonly principal: Principal }
  | {
      readonly isKnown: false;
      /** Nothing was shown; what was shown is wrong; too much that is wrong came from there. */
      readonly reason: 'missing' | 'wrong' | 'locked';
      readonly retryAfterMs?: number;
    };

/** Tells who sends a request. */
export interface Authenticator {
  authenticate(facts: RequestFacts): Promise<Authenticated>;
}
