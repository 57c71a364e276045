/** Passwords as they are kept: stretched with scrypt under a salt of their own. Nothing leads back. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';

// 64 MiB and about a tenth of a second: dear for who guesses, bearable for who signs in.
const cost = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const keyBytes = 32;
const lengthMin = 12;
const lengthMax = 200;

function stretched(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, cost, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Throws `identity.password-weak` for a password that is guessed early. */
export function checkPassword(password: string, name: string): void {
  const refuse = (why: string): never => {
    throw new Failure('identity.password-weak', `the password ${why}`);
  };
  if (password.length < lengthMin) refuse(`is shorter than ${lengthMin} characters`);
  if (password.length > lengthMax) refuse(`is longer than ${lengthMax} characters`);
  if (new Set(password).size < 5) refuse('repeats few characters');
  if (name.length > 2 && password.toLowerCase().includes(name.toLowerCase()))
    refuse('holds the name');
  if (/^(?:password|passwort|qwert[yz]|letmein|admin|welcome|123456|abcdef)/i.test(password)) {
    refuse('begins as those that are tried first do');
  }
}

/** Returns `password` as it is kept. */
export async function keepPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await stretched(password, salt);
  return `scrypt$${cost.N}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** Tells whether `password` is the one that is `kept`; without one it takes as long and says no. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, , salt = '', key = ''] = (kept ?? '').split('$');
  const expected = Buffer.from(key, 'base64');
  const given = await stretched(password.slice(0, lengthMax), Buffer.from(salt, 'base64'));
  return kept !== undefined && expected.length === given.length && timingSafeEqual(given, expected);
}
