/**
 * Ed25519 with a key in a file that only its owner may read, made at first use together with the name
 * of the log: random, so that two data folders never sign under one name.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isKeyName, type SignatureVerifier } from '../../core/ledger/index.ts';
import type { LedgerSigner } from '../../ports/signer.ts';
import { type KeyFileOptions, readKeyFile, unfitKey } from './key-file.ts';

/** What stands before the 32 bytes of a key in DER. */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedSize = 32;

/** Checks anybody's signature; needs no key of its own. */
export const systemVerifier = {
  verify(publicKey, message, signature) {
    const key = Buffer.concat([publicPrefix, publicKey]);
    return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  },
} as const satisfies SignatureVerifier;

interface OwnKey {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

function parseKey(text: string, path: string): OwnKey {
  const [name = '', seedText = '', ...more] = text.trim().split(' ');
  const seed = Buffer.from(seedText, 'base64');
  const isWhole = seed.length === seedSize && seed.toString('base64') === seedText;
  if (!isKeyName(name) || !isWhole || more.length > 0) {
    throw unfitKey(path, 'is damaged', 'put it back from where a copy of it is kept');
  }
  const privateKey = createPrivateKey({
    key: Buffer.concat([privatePrefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(publicPrefix.length);
  return { name, privateKey, publicKey };
}

function readKey(path: string, options: KeyFileOptions): OwnKey {
  const make = (): string => {
    const name = `sluice.local/${randomBytes(8).toString('hex')}`;
    return `${name} ${randomBytes(seedSize).toString('base64')}\n`;
  };
  return parseKey(readKeyFile(path, make, options), path);
}

/** Returns a signer whose key is in the file `path`. */
export function createKeyFileSigner(path: string, options: KeyFileOptions = {}): LedgerSigner {
  let known: OwnKey | undefined;
  const own = (): OwnKey => (known ??= readKey(path, options));
  return {
    get name() {
      return own().name;
    },
    get publicKey() {
      return own().publicKey;
    },
    sign: (message) => sign(null, message, own().privateKey),
    verify: (publicKey, message, signature) => systemVerifier.verify(publicKey, message, signature),
  };
}
