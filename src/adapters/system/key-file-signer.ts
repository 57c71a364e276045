/**
 * Ed25519 with a key in a file that only its owner may read, made at first use together with the name
 * of the log: random, so that two data folders never sign under one name. A key that comes next waits
 * in a file beside it; one that goes is overwritten and removed.
 *
 * INVARIANT: at every moment a key that the ledger knows is in one of the files.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import { isKeyName, type SignatureVerifier, type Signer } from '../../core/ledger/index.ts';
import type { LedgerKeys } from '../../ports/signer.ts';
import { type KeyFileOptions, readKeyFile, unfitKey } from './key-file.ts';

/** What stands before the 32 bytes of a key in DER. */
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedSize = 32;
/** A change of key takes moments; a prepared key of this age was left behind by a crash. */
const abandonedMs = 60_000;

/** Checks anybody's signature; needs no key of its own. */
export const systemVerifier = {
  verify(publicKey, message, signature) {
    const key = Buffer.concat([publicPrefix, publicKey]);
    return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  },
} as const satisfies SignatureVerifier;

/** How the key of a ledger is read and made. */
export interface LedgerKeyOptions extends KeyFileOptions {
  /** What the name of a key that is made begins with. */
  readonly prefix?: string;
}

interface OwnKey extends Signer {
  readonly privateKey: KeyObject;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
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
  return { name, privateKey, publicKey, sign: (message) => sign(null, message, privateKey) };
}

function readIfThere(path: string): OwnKey | undefined {
  try {
    return parseKey(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes a key into a file that must not be there yet. */
function writeKey(path: string, name: string): OwnKey {
  const text = `${name} ${randomBytes(seedSize).toString('base64')}\n`;
  writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
  syncFolder(path);
  return parseKey(text, path);
}

/** Overwrites a file and removes it. */
function destroy(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  const file = openSync(path, 'r+');
  try {
    writeSync(file, randomBytes(size), 0, size, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path, { force: true });
  syncFolder(path);
}

/** Returns a signer whose key is in the file `path`. */
export function createKeyFileSigner(path: string, options: LedgerKeyOptions = {}): LedgerKeys {
  const { prefix = 'sluice.local' } = options;
  const nextPath = `${path}.next`;
  const gonePath = `${path}.gone`;
  let known: OwnKey | undefined;

  /** Finishes what a crash in the middle of `adopt` left. */
  const finishAdopting = (): void => {
    if (!existsSync(gonePath)) return;
    if (!existsSync(path) && existsSync(nextPath)) renameSync(nextPath, path);
    if (existsSync(path)) destroy(gonePath);
    else renameSync(gonePath, path);
  };

  const readOwn = (): OwnKey => {
    finishAdopting();
    const make = (): string =>
      `${prefix}/${randomBytes(8).toString('hex')} ${randomBytes(seedSize).toString('base64')}\n`;
    return parseKey(readKeyFile(path, make, options), path);
  };
  const own = (): OwnKey => (known ??= readOwn());

  return {
    get name() {
      return own().name;
    },
    get publicKey() {
      return own().publicKey;
    },
    sign: (message) => own().sign(message),
    held(publicKey) {
      for (const file of [path, nextPath, gonePath]) {
        const key = readIfThere(file);
        if (key !== undefined && Buffer.compare(key.publicKey, publicKey) === 0) return key;
      }
      return undefined;
    },
    prepare() {
      const { name } = readOwn();
      const age = statSync(nextPath, { throwIfNoEntry: false })?.mtimeMs;
      if (age !== undefined && Date.now() - age > abandonedMs) destroy(nextPath);
      try {
        return writeKey(nextPath, name);
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
        throw new Failure('store.conflict', 'another change of the key is under way', {
          cause: error,
          help: 'try again in a minute',
        });
      }
    },
    prepared: () => readIfThere(nextPath),
    adopt() {
      finishAdopting();
      if (existsSync(nextPath)) renameSync(path, gonePath);
      finishAdopting();
      syncFolder(path);
      known = undefined;
    },
    discard: () => destroy(nextPath),
    verify: (publicKey, message, signature) => systemVerifier.verify(publicKey, message, signature),
  };
}
