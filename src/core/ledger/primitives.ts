/**
 * The three things the ledger needs of its host: SHA-256, making an Ed25519 signature, checking one.
 * The server passes `node:crypto`, the browser its own. They are all that writer and verifier share.
 */

/** Bytes of a SHA-256 hash. */
export const hashSize = 32;

/** SHA-256. Reads all of `bytes` before it returns: callers use the same buffer again. */
export interface Hasher {
  sha256(bytes: Uint8Array): Uint8Array;
}

/** One private Ed25519 key and the name it signs under. */
export interface Signer {
  /** Not empty, without spaces and plus signs; by custom an address without scheme. */
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Returns the 64 bytes of the signature of `message`. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Checks Ed25519 signatures. */
export interface SignatureVerifier {
  /** Returns whether `signature` is that of `message` under the 32-byte `publicKey`. */
  verify(
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean | Promise<boolean>;
}
