/** Encryption of single values with a key of the data folder (AES-256-GCM). */

/** Encrypts and decrypts single values. */
export interface Cipher {
  /**
   * Returns `text` encrypted; without `key` (base64, 32 bytes) under the key of the data folder. With
   * `place` it can be decrypted for that place only, so that it means nothing elsewhere.
   */
  encrypt(text: string, key?: string, place?: string): string;
  /** Returns what `encrypt` was given; throws `secret.undecipherable` when key, place or text is wrong. */
  decrypt(encrypted: string, key?: string, place?: string): string;
}

/** Digests of text; for names of things that must not be told apart by their content. */
export interface Digests {
  /** Returns the SHA-256 of `text` as 64 hexadecimal digits. */
  digest(text: string): string;
  /** Returns the HMAC-SHA-256 of `text` under the key of the data folder: nobody without it can try texts out. */
  keyedDigest(text: string): string;
}
