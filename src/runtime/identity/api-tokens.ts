/**
 * API tokens: a prefix, 160 random bits and a checksum, so that a token is found in places where it does
 * not belong. A token of that many bits needs no slow hash.
 */
import { createHash, randomBytes } from 'node:crypto';

const prefix = 'slc_';

function checksum(text: string): string {
  return createHash('sha256').update(`sluice-token:${text}`).digest('base64url').slice(0, 6);
}

/** Returns a token that nobody has. */
export function makeToken(): string {
  const body = randomBytes(20).toString('base64url');
  return `${prefix}${body}${checksum(body)}`;
}

/** Tells whether `text` has the form of a token. */
export function isTokenForm(text: string): boolean {
  const match = /^slc_([\w-]{27})([\w-]{6})$/.exec(text);
  return match !== null && checksum(match[1] ?? '') === match[2];
}
