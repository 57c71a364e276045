/**
 * Who sends a request: asked once for each, before anything else of it is looked at. What it takes to be
 * somebody (passwords, tokens, sessions, passkeys) is behind this port.
 *
 * INVARIANT: a refusal never says which part was wrong, nor whether a name exists.
 */
import type { Principal } from '../core/policy/index.ts';

/** What a request tells of who sends it. */
export interface RequestFacts {
  /** The header `Authorization`; where there is one, cookies count for nothing. */
  readonly authorization?: string;
  /** The header `Cookie`. */
  readonly cookie?: string;
  readonly userAgent?: string;
  /** `Sec-Fetch-Site`, which pages cannot forge. */
  readonly fetchSite?: string;
  readonly origin?: string;
  /** What pages of this server send along to show that they are. */
  readonly forgeryToken?: string;
  readonly method: string;
  readonly remoteAddress: string;
  /** The tenant that the request is about; absent: that of whoever sends it. */
  readonly tenant?: string;
}

/** What a request was proven with. */
export interface Credential {
  readonly kind: 'password' | 'session' | 'token';
  /** The id of the session or token; empty for a password. */
  readonly id: string;
  /** What the bearer may do of what the owner may; absent: all of it. */
  readonly scopes?: readonly {
    readonly actions: readonly string[];
    readonly namespaces: readonly string[];
  }[];
}

/** Who sends a request, or why that is not known. */
export type Authenticated =
  | {
      readonly isKnown: true;
      readonly principal: Principal;
      readonly credential: Credential;
      /** A header that the answer has to carry: the session was exchanged. */
      readonly setCookie?: string;
    }
  | {
      readonly isKnown: false;
      /** Nothing was shown; what was shown is wrong; too much that is wrong came from there; a page of another site sent it. */
      readonly reason: 'missing' | 'wrong' | 'locked' | 'forged';
      readonly retryAfterMs?: number;
    };

/** Tells who sends a request. */
export interface Authenticator {
  authenticate(facts: RequestFacts): Promise<Authenticated>;
  /**
   * Returns who somebody is by what they proved before, undefined when it proves nothing any more: for
   * answers that go on for long. Asking is no use of a token, and keeps no session alive.
   */
  known(principal: Principal, credential: Credential): Promise<Principal | undefined>;
}
