/** Passkeys (WebAuthn): a key on a device that signs a challenge of this server, and of no other. */

/** A passkey as it is kept. */
export interface Passkey {
  readonly id: string;
  /** COSE key in base64url. */
  readonly publicKey: string;
  /** How often it was used, as it says itself; 0 for keys that do not count. */
  readonly counter: number;
  readonly transports: readonly string[];
}

/** Where a passkey belongs. */
export interface PasskeyPlace {
  /** Where people reach the server: `https://sluice.example`. */
  readonly url: string;
}

/** Makes and checks passkeys. */
export interface Passkeys {
  /** Returns what the browser needs to make a passkey, and the challenge in it. */
  creation(
    place: PasskeyPlace,
    user: { readonly id: string; readonly name: string; readonly known: readonly Passkey[] },
  ): Promise<{ readonly options: unknown; readonly challenge: string }>;
  /** Returns the passkey that the browser made; undefined when anything about it is wrong. */
  created(place: PasskeyPlace, challenge: string, response: unknown): Promise<Passkey | undefined>;
  /** Returns what the browser needs to use a passkey, one of `known` where some are, and the challenge in it. */
  use(
    place: PasskeyPlace,
    known: readonly Passkey[],
  ): Promise<{ readonly options: unknown; readonly challenge: string }>;
  /** Returns `passkey` with its counter as it is after this use; undefined when anything is wrong. */
  used(
    place: PasskeyPlace,
    challenge: string,
    response: unknown,
    passkey: Passkey,
  ): Promise<Passkey | undefined>;
}
