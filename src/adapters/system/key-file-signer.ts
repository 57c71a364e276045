/**
 * Ed25519 with a key in a file that only its owner may read, made at first use together with the name
 * of the log: random, so that two data folders never sign under one name.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import { isKeyName } from '../../core/ledger/index.ts';
import type { LedgerSigner } from '../../ports/signer.ts';

/** What stands before the 32 bytes of a key in DER. */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedSize = 32;

interface OwnKey {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parseKey(text: string, path: string): OwnKey {
  const [name = '', seedText = ''] = text.trim().split(' ');
  const seed = Buffer.from(seedText, 'base64');
  if (!isKeyName(name) || seed.length !== seedSize) {
    throw new Failure('store.unreachable', `the key of the ledger is damaged: \`${path}\``, {
      help: 'restore the file from a backup',
      isRetryable: false,
    });
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

function readKey(path: string): OwnKey {
  try {
    return parseKey(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  const name = `sluice.local/${randomBytes(8).toString('hex')}`;
  const text = `${name} ${randomBytes(seedSize).toString('base64')}\n`;
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return parseKey(text, path);
  } catch (error) {
    // Another process made it in the meantime.
    if (hasCode(error, 'EEXIST')) return parseKey(readFileSync(path, 'utf8'), path);
    throw error;
  }
}

/** Returns a signer whose key is in the file `path`. */
export function createKeyFileSigner(path: string): LedgerSigner {
  let known: OwnKey | undefined;
  const own = (): OwnKey => (known ??= readKey(path));
  return {
    get name() {
      return own().name;
    },
    get publicKey() {
      return own().publicKey;
    },
    sign: (message) => sign(null, message, own().privateKey),
    verify(publicKey, message, signature) {
      const key = Buffer.concat([publicPrefix, publicKey]);
      return verify(
        null,
        message,
        createPublicKey({ key, format: 'der', type: 'spki' }),
        signature,
      );
    },
  };
}
