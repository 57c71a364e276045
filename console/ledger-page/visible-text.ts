/**
 * Text from outside, as something to look at: characters that cannot be seen, or that change how others
 * are seen, become their code in a mark. Nothing is ever read as HTML.
 */

/** A piece of text: as it is, or the code of a character that would not show. */
export interface TextPiece {
  readonly text: string;
  readonly isHidden: boolean;
}

/** Control, format (bidi, zero width, tags), surrogate and private characters, and odd blanks. */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/u;

/** Returns `text` in pieces; line ends and tabs stay as they are where `isBlock`. */
export function textPieces(text: string, isBlock = false): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = '';
  for (const character of text) {
    const isLayout = isBlock && (character === '\n' || character === '\t');
    if (isLayout || !hidden.test(character)) {
      plain += character;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, isHidden: false });
    plain = '';
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    pieces.push({ text: `U+${code}`, isHidden: true });
  }
  if (plain !== '') pieces.push({ text: plain, isHidden: false });
  return pieces;
}
