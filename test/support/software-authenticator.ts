/** A passkey in software: makes a key, signs challenges, counts. For tests; attestation is none. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A passkey in software. */
export interface SoftwareAuthenticator {
  /** Answers the options of a creation. */
  create(options: CreationOptions, origin: string): Record<string, unknown>;
  /** Forgets how often it was used, as a copy of it would. */
  rewind(): void;
  /** Answers the options of a use. */
  use(options: { readonly challenge: string }, origin: string): Record<string, unknown>;
}

interface CreationOptions {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly rp: { readonly id?: string };
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}

/** Returns CBOR of the few kinds that WebAuthn needs. */
function cbor(value: number | string | Buffer | ReadonlyMap<number | string, unknown>): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const parts = [...(value as ReadonlyMap<number | string, unknown>)].flatMap(([key, one]) => [
    cbor(key),
    cbor(one as Buffer),
  ]);
  return Buffer.concat([head(5, parts.length / 2), ...parts]);
}

/** Returns a passkey whose site is `site`; `flags` say that the person was there and verified. */
export function createSoftwareAuthenticator(site: string, flags = 0x05): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const rp = createHash('sha256').update(site).digest();
  let counter = 0;
  let user = '';
  const dataOf = (attested?: Buffer): Buffer => {
    counter += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const flag = Buffer.from([flags | (attested === undefined ? 0 : 0x40)]);
    return Buffer.concat([rp, flag, count, attested ?? Buffer.alloc(0)]);
  };
  const clientData = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const coseKey = (key: KeyObject): Buffer => {
    const { x = '', y = '' } = key.export({ format: 'jwk' });
    return cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
  };
  const base = {
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
  };
  return {
    rewind() {
      counter = 0;
    },
    create({ challenge, user: person }, origin) {
      user = person.id;
      const length = Buffer.from([id.length >> 8, id.length & 255]);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)]);
      const attestation = cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', dataOf(attested)],
        ]),
      );
      return {
        ...base,
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    use({ challenge }, origin) {
      const authenticatorData = dataOf();
      const client = clientData('webauthn.get', challenge, origin);
      const digest = createHash('sha256').update(client).digest();
      const signature = sign('sha256', Buffer.concat([authenticatorData, digest]), privateKey);
      return {
        ...base,
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: user,
        },
      };
    },
  };
}
