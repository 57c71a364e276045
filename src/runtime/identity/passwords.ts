/**
 * Passwords: which are refused, and how they are kept: stretched with Argon2id under a salt of their own,
 * the parameters beside it. Nothing leads back, and nothing is cut off.
 *
 * INVARIANT: to check a password takes as long when there is none to compare it with.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import { commonWords, rows } from './common-passwords.ts';

// 46 MiB and one pass, the first choice of the OWASP cheat sheet; raised here, kept passwords follow at sign-in.
const cost = { memory: 47_104, passes: 1, parallelism: 1, tagLength: 32 } as const;
const lengthMin = 12;
/** Longer ones are refused with a sentence, never shortened. */
const lengthMax = 1_000;
const ownPartMin = 8;
const distinctMin = 5;

const swaps: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

function runsOf(row: string, length: number): readonly string[] {
  const back = [...row].toReversed().join('');
  return [row, back].flatMap((line) =>
    Array.from({ length: Math.max(0, line.length - length + 1) }, (_, at) =>
      line.slice(at, at + length),
    ),
  );
}

const runLength = 4;
const runs = new Set(rows.flatMap((row) => runsOf(row, runLength)));

/** Returns `text` with every part that is a run of a keyboard, a repetition or a year left out. */
function withoutPatterns(text: string): string {
  const kept = [...text].map(() => true);
  for (let at = 0; at + runLength <= text.length; at += 1) {
    if (runs.has(text.slice(at, at + runLength))) kept.fill(false, at, at + runLength);
  }
  const left = [...text].filter((_, at) => kept[at] === true).join('');
  return left
    .replaceAll(/(?:19|20)\d\d/g, '')
    .replaceAll(/(.)\1{2,}/gu, '')
    .replaceAll(/(.{2,20}?)\1+/gu, '$1');
}

function withoutWords(text: string, words: readonly string[]): string {
  return words
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, word) => left.replaceAll(word, ''), text);
}

/** Returns what of a password is its own, after what others would guess is taken out. */
function ownPart(password: string, about: readonly string[]): string {
  const plain = password.normalize('NFKC').toLowerCase();
  const words = [
    ...about.flatMap((one) => one.toLowerCase().split(/[^\p{L}\p{N}]+/u)),
    ...commonWords,
  ];
  const swapped = [...plain].map((one) => swaps[one] ?? one).join('');
  const left = [plain, swapped].map((text) => withoutWords(withoutPatterns(text), words));
  return left.toSorted((a, b) => a.length - b.length)[0] ?? '';
}

/** Throws `identity.password-weak` for a password that is guessed early; `about` are the names and mail of its owner. */
export function checkPassword(password: string, about: readonly string[]): void {
  const refuse = (why: string): never => {
    throw new Failure('identity.password-weak', `the password ${why}`);
  };
  const { length } = [...password];
  if (length < lengthMin) refuse(`is shorter than ${lengthMin} characters`);
  if (password.length > lengthMax) refuse(`is longer than ${lengthMax} characters`);
  if (new Set(password).size < distinctMin) refuse('repeats few characters');
  const own = ownPart(password, about);
  if (own.length < ownPartMin || new Set(own).size < distinctMin) {
    refuse('is made of what is tried first: common words, names, rows of keys, repetitions');
  }
}

function stretched(
  password: string,
  nonce: Uint8Array,
  { memory, passes, parallelism, tagLength }: Readonly<Record<keyof typeof cost, number>>,
): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, memory, passes, parallelism, tagLength }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Returns `password` as it is kept. */
export async function keepPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await stretched(password, salt, cost);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt.toString('base64')}$${key.toString('base64')}`;
}

const keptForm = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/=]+)\$([\w+/=]+)$/;
const nobodySalt = randomBytes(16);

/** Tells whether `password` is the one that is `kept`; without one it takes as long and says no. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const match = keptForm.exec(kept ?? '');
  if (match === null || password.length > lengthMax) {
    await stretched(password.slice(0, lengthMax), nobodySalt, cost);
    return false;
  }
  const [, memory, passes, parallelism, salt = '', key = ''] = match;
  const expected = Buffer.from(key, 'base64');
  const given = await stretched(password, Buffer.from(salt, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return expected.length === given.length && timingSafeEqual(given, expected);
}

/** Tells whether a kept password was stretched less than is usual here. */
export function isKeptWeakly(kept: string): boolean {
  const { memory, passes, parallelism } = cost;
  return !kept.startsWith(`$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`);
}
