/**
 * AES-256-GCM with a key in a file that only its owner may read, made at first use. The nonce and the
 * tag stand before the text: `base64(nonce ‖ tag ‖ text)`.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import type { Cipher, Digests } from '../../ports/cipher.ts';
import { type KeyFileOptions, readKeyFile, unfitKey } from './key-file.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

function readKey(path: string, options: KeyFileOptions): Buffer {
  const make = (): string => `${randomBytes(keyBytes).toString('base64')}\n`;
  const text = readKeyFile(path, make, options).trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === keyBytes && key.toString('base64') === text) return key;
  throw unfitKey(path, 'is damaged', 'put it back from where a copy of it is kept');
}

function keyFrom(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length === 16 || key.length === 24 || key.length === keyBytes) return key;
  throw new Failure('secret.undecipherable', 'the key must be the base64 text of 32 bytes');
}

/** Returns a cipher whose key is in the file `path`. */
export function createKeyFileCipher(path: string, options: KeyFileOptions = {}): Cipher & Digests {
  let own: Buffer | undefined;
  const keyOf = (given: string | undefined): Buffer =>
    given === undefined ? (own ??= readKey(path, options)) : keyFrom(given);
  return {
    encrypt(text, given, place) {
      const key = keyOf(given);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(`aes-${key.length * 8}-gcm` as 'aes-256-gcm', key, nonce);
      if (place !== undefined) cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    decrypt(encrypted, given, place) {
      const bytes = Buffer.from(encrypted, 'base64');
      const key = keyOf(given);
      try {
        const nonce = bytes.subarray(0, nonceBytes);
        const decipher = createDecipheriv(`aes-${key.length * 8}-gcm` as 'aes-256-gcm', key, nonce);
        if (place !== undefined) decipher.setAAD(Buffer.from(place));
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
