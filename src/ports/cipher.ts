/** Encryption of single values with a key of the data folder (AES-256-GCM). */

/** Encrypts and decrypts single values. */
export interface Cipher {
  /** Returns `text` encrypted; without `key` (base64, 32 bytes) under the key of the data folder. */
  encrypt(text: string, key?: string): string;
  /** Returns what `encrypt` was given; throws `secret.undecipherable` when the key or text is wrong. */
  decrypt(encrypted: string, key?: string): string;
}
