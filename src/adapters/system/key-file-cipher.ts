/**
 * AES-256-GCM with a key in a file that only its owner may read, made at first use. The nonce and the
 * tag stand before the text: `base64(nonce ‖ tag ‖ text)`.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Cipher, Digests } from '../../ports/cipher.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function readKey(path: string): Buffer {
  try {
    return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  const key = randomBytes(keyBytes);
  try {
    writeFileSync(path, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    // Another process made it in the meantime.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    }
    throw error;
  }
}

function keyFrom(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length === 16 || key.length === 24 || key.length === keyBytes) return key;
  throw new Failure('secret.undecipherable', 'the key must be the base64 text of 32 bytes');
}

/** Returns a cipher whose key is in the file `path`. */
export function createKeyFileCipher(path: string): Cipher & Digests {
  let own: Buffer | undefined;
  const keyOf = (given: string | undefined): Buffer =>
    given === undefined ? (own ??= readKey(path)) : keyFrom(given);
  return {
    encrypt(text, given) {
      const key = keyOf(given);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(`aes-${key.length * 8}-gcm` as 'aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    decrypt(encrypted, given) {
      const bytes = Buffer.from(encrypted, 'base64');
      const key = keyOf(given);
      try {
        const nonce = bytes.subarray(0, nonceBytes);
        const decipher = createDecipheriv(`aes-${key.length * 8}-gcm` as 'aes-256-gcm', key, nonce);
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        const text = bytes.subarray(nonceBytes + tagBytes);
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Failure('secret.undecipherable', 'the text cannot be decrypted with this key', {
          cause: error,
        });
      }
    },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    keyedDigest: (text) =>
      createHmac('sha256', keyOf(undefined)).update('sluice:digest\0').update(text).digest('hex'),
  };
}
