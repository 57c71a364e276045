/** Offsets in a text as line and column; Cedar counts bytes of UTF-8, people count characters. */

/** Finds places in one text. Offsets beyond its end are its end. */
export interface TextPlaces {
  /** Returns the place of a character; both numbers start at 1. */
  at(character: number): { readonly line: number; readonly column: number };
  /** Returns the place of a byte. */
  atByte(byte: number): { readonly line: number; readonly column: number };
  /** Returns how many characters stand before a byte. */
  charactersOf(byte: number): number;
}

/** Returns what finds places in `text`. */
export function createTextPlaces(text: string): TextPlaces {
  const bytes = Buffer.from(text);
  const charactersOf = (byte: number): number => bytes.subarray(0, byte).toString().length;
  const at: TextPlaces['at'] = (character) => {
    const before = text.slice(0, character);
    const line = before.split('\n').length;
    return { line, column: before.length - before.lastIndexOf('\n') };
  };
  return { at, charactersOf, atByte: (byte) => at(charactersOf(byte)) };
}
