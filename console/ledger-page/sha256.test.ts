/** The page's own SHA-256 against Node's, at every length around the edges of blocks. */
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { plainHasher } from './sha256.ts';
import { textPieces } from './visible-text.ts';

test('the page hashes as everybody does', () => {
  for (let length = 0; length < 300; length += 1) {
    const bytes = randomBytes(length);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(Buffer.from(plainHasher.sha256(bytes)).toString('hex'), `${length}`).toBe(expected);
  }
});

test('characters that would not show, or that turn others round, become their code', () => {
  const marked = (text: string, isBlock = false) =>
    textPieces(text, isBlock)
      .map((piece) => (piece.isHidden ? `[${piece.text}]` : piece.text))
      .join('');
  expect(marked('pay \u202eevil\u202c')).toBe('pay [U+202E]evil[U+202C]');
  expect(marked('a\u200bb\u0000c\ufe0f\u{e0041}')).toBe('a[U+200B]b[U+0000]c[U+FE0F][U+E0041]');
  expect(marked('a\nb')).toBe('a[U+000A]b');
  expect(marked('a\nb\tc', true)).toBe('a\nb\tc');
  expect(marked('é 😀 <b>')).toBe('é 😀 <b>');
});
