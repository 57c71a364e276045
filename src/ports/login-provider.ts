/** A provider that knows who people are (OpenID Connect), asked by authorization code with PKCE. */

/** What must be the same when somebody comes back. */
export interface LoginChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Epoch milliseconds; where it is there, the person must have proven who they are since. */
  readonly freshSince?: number;
}

/** Who somebody is, as the provider says. */
export interface ProvenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Shown to the provider when somebody signs out. */
  readonly idToken: string;
  /** Epoch milliseconds; when the person proved who they are; 0 where the provider does not tell. */
  readonly authenticatedAt: number;
  /** True when the provider says that it asked for more than one factor. */
  readonly isManyFactors: boolean;
}

/** A provider that knows who people are. */
export interface LoginProvider {
  /** Names it in addresses: `corporate`. */
  readonly id: string;
  readonly title: string;
  /** Returns where to send the browser, and what to keep for its return. */
  begin(options?: {
    /** True to have the person prove again who they are. */
    readonly isStepUp?: boolean;
  }): Promise<{ readonly url: string; readonly checks: LoginChecks }>;
  /** Returns who came back to `address`; undefined when anything about it is wrong. */
  complete(address: string, checks: LoginChecks): Promise<ProvenClaims | undefined>;
  /** Returns where to send the browser to sign out there; undefined where that cannot be done. */
  endUrl(idToken: string): Promise<string | undefined>;
}
