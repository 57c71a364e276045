/**
 * Passkeys in the browser: what the server sends as text becomes what the browser takes, and back.
 *
 * INVARIANT: nothing is decided here; the server checks every answer.
 */

interface Described {
  readonly id: string;
  readonly type: 'public-key';
  readonly transports?: AuthenticatorTransport[];
}

/** Options as the server sends them: bytes are base64url. */
export interface SentOptions {
  readonly challenge: string;
  readonly user?: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials?: readonly Described[];
  readonly allowCredentials?: readonly Described[];
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (one) => one.codePointAt(0) ?? 0);
}

function textOf(buffer: ArrayBuffer | null): string {
  const plain = String.fromCodePoint(...new Uint8Array(buffer ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function described(all: readonly Described[] = []): PublicKeyCredentialDescriptor[] {
  return all.map((one) => ({ ...one, id: bytesOf(one.id) }));
}

/** Tells whether this browser has passkeys at this address. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);
}

/** Makes a passkey; gives what the server wants to see of it. */
export async function makePasskey(sent: SentOptions): Promise<Record<string, unknown>> {
  const publicKey = {
    ...sent,
    challenge: bytesOf(sent.challenge),
    user: { ...sent.user, id: bytesOf(sent.user?.id ?? '') },
    excludeCredentials: described(sent.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: textOf(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** Signs a challenge with a passkey; gives what the server wants to see of it. */
export async function usePasskey(sent: SentOptions): Promise<Record<string, unknown>> {
  const publicKey = {
    ...sent,
    challenge: bytesOf(sent.challenge),
    allowCredentials: described(sent.allowCredentials),
  } as PublicKeyCredentialRequestOptions;
  const used = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    rawId: textOf(used.rawId),
    type: used.type,
    clientExtensionResults: used.getClientExtensionResults(),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      ...(response.userHandle !== null && { userHandle: textOf(response.userHandle) }),
    },
  };
}
