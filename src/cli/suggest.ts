/**
 * Did you mean: the known word that is nearest to a mistyped one, if one is near enough to be meant.
 * Beside the one of core/flow, whose front door loads the parser: every start would pay for that.
 */

/** Counts the edits of single letters between two words; a swap of neighbours is one. */
function distance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const here = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      here.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (here[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + change,
          isSwap && row > 1 && column > 1 ? (twoAbove[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [twoAbove, above] = [above, here];
  }
  return above[b.length] ?? 0;
}

/** Returns the one of `known` that `word` most likely means, or undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 0.5;
  for (const one of known) {
    const far = one.startsWith(wanted) && wanted.length > 1 ? 0.5 : distance(wanted, one);
    if (far < bestDistance) [best, bestDistance] = [one, far];
  }
  return best;
}

/** Returns the sentence part that proposes the nearest of `known`, or nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
  const found = suggest(word, known);
  return found === undefined ? '' : `; did you mean \`${prefix}${found}\`?`;
}
