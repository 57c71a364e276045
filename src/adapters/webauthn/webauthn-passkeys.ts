/**
 * Passkeys by WebAuthn. The person has to be verified by the device (a finger, a face, a PIN), so that a
 * passkey alone is two factors: the device and that.
 *
 * INVARIANT: whatever is wrong with an answer is a plain no; the library's sentences stay here.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { PasskeyPlace, Passkeys } from '../../ports/passkeys.ts';

const title = 'Sluice';
/** ES256, EdDSA, RS256. */
const algorithms = [-7, -8, -257];

/**
 * Returns whose passkeys they are. An address is no name, and browsers make passkeys for names only: on
 * this machine they belong to `localhost`.
 */
function partyOf({ url }: PasskeyPlace): { readonly id: string; readonly origin: string } {
  const place = new URL(url);
  if (/^127\.|^\[::1\]$/.test(place.hostname)) place.hostname = 'localhost';
  return { id: place.hostname, origin: place.origin };
}

/** Returns what makes and checks passkeys; the library is loaded when it is first needed. */
export function createWebauthnPasskeys(): Passkeys {
  const load = () => import('@simplewebauthn/server');
  const orNothing = async <T>(check: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      // The library throws for every way in which an answer can be wrong.
      if (error instanceof Error) return undefined;
      throw error;
    }
  };
  return {
    async creation(place, { id, name, known }) {
      const { generateRegistrationOptions } = await load();
      const options = await generateRegistrationOptions({
        rpName: title,
        rpID: partyOf(place).id,
        userID: new TextEncoder().encode(id),
        userName: name,
        attestationType: 'none',
        excludeCredentials: known.map((one) => ({
          id: one.id,
          transports: [...one.transports],
        })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      });
      return { options, challenge: options.challenge };
    },

    created: (place, challenge, response) =>
      orNothing(async () => {
        const { verifyRegistrationResponse } = await load();
        const { id, origin } = partyOf(place);
        const verified = await verifyRegistrationResponse({
          response: response as RegistrationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: id,
          requireUserVerification: true,
          supportedAlgorithmIDs: algorithms,
        });
        if (!verified.verified) return undefined;
        const { credential } = verified.registrationInfo;
        return {
          id: credential.id,
          publicKey: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          transports: credential.transports ?? [],
        };
      }),

    async use(place, known) {
      const { generateAuthenticationOptions } = await load();
      const options = await generateAuthenticationOptions({
        rpID: partyOf(place).id,
        userVerification: 'required',
        allowCredentials: known.map((one) => ({
          id: one.id,
          transports: [...one.transports],
        })),
      });
      return { options, challenge: options.challenge };
    },

    used: (place, challenge, response, passkey) =>
      orNothing(async () => {
        const { verifyAuthenticationResponse } = await load();
        const { id, origin } = partyOf(place);
        const verified = await verifyAuthenticationResponse({
          response: response as AuthenticationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: id,
          requireUserVerification: true,
          credential: {
            id: passkey.id,
            publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
            counter: passkey.counter,
            transports: [...passkey.transports],
          },
        });
        if (!verified.verified) return undefined;
        return { ...passkey, counter: verified.authenticationInfo.newCounter };
      }),
  };
}
