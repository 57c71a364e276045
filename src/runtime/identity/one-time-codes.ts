/**
 * Codes that are good once: those of an authenticator app (TOTP, RFC 6238: HMAC-SHA-1, 6 digits, steps of
 * 30 seconds), and recovery codes for who has lost it.
 *
 * INVARIANT: a step of time is accepted once; a recovery code is kept as a hash and goes with its use.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashOf } from './records.ts';

const stepMs = 30_000;
const digits = 6;
/** One step to each side, for clocks that differ. */
const window = 1;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Returns bytes in base 32 without padding (RFC 4648), as authenticator apps take secrets. */
export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

/** Returns the bytes of base 32. */
export function fromBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const one of text.toUpperCase()) {
    const index = alphabet.indexOf(one);
    if (index < 0) continue;
    value = (value << 5) | index;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}

/** Returns the code of a step (RFC 4226, dynamic truncation). */
export function codeOf(
  secret: Uint8Array,
  step: number,
  options: { readonly digits?: number; readonly algorithm?: 'sha1' | 'sha256' | 'sha512' } = {},
): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(options.algorithm ?? 'sha1', secret)
    .update(counter)
    .digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  const count = options.digits ?? digits;
  return String(number % 10 ** count).padStart(count, '0');
}

/** Returns the step of a time. */
export function stepAt(now: number): number {
  return Math.floor(now / stepMs);
}

/** Returns the step whose code `given` is; undefined for a wrong code and for one that was used. */
export function matchingStep(
  secret: Uint8Array,
  given: string,
  now: number,
  lastStep: number,
): number | undefined {
  const text = given.replaceAll(' ', '');
  if (!/^\d{6}$/.test(text)) return undefined;
  const current = stepAt(now);
  let found: number | undefined;
  // All steps are compared, so that time tells nothing.
  for (let step = current - window; step <= current + window; step += 1) {
    const isEqual = timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(text));
    if (isEqual && step > lastStep) found = step;
  }
  return found;
}

/** Returns what an authenticator app reads from a picture. */
export function otpauthUri(secret: string, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${stepMs / 1000}`;
}

const recoveryCount = 10;

/** Returns recovery codes as people see them once, and as they are kept. */
export function makeRecoveryCodes(): {
  readonly codes: readonly string[];
  readonly kept: readonly string[];
} {
  const codes = Array.from({ length: recoveryCount }, () =>
    (base32(randomBytes(10)).match(/.{4}/g) ?? []).join('-'),
  );
  return { codes, kept: codes.map(keptRecoveryCode) };
}

/** Returns a recovery code as it is kept: 80 random bits need no slow hash. */
export function keptRecoveryCode(code: string): string {
  return hashOf(`recovery:${code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}`);
}
