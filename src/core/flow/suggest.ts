/**
 * "Did you mean": finds, among known names, the one that a person most likely meant.
 */

const candidatesMax = 2_000;
const lengthMax = 120;

/** Returns the number of single-character edits (swaps of neighbours included), or `limit + 1` when above. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      }
      row.push(value);
      if (value < least) least = value;
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** Returns the candidate nearest to `text`, or undefined when none is near. */
export function suggest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > lengthMax) return undefined;
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let seen = 0;
  for (const candidate of candidates) {
    seen += 1;
    if (seen > candidatesMax) break;
    if (candidate.length > lengthMax) continue;
    const found = distance(wanted, candidate.toLowerCase(), bestDistance - 1);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** Returns `did you mean …` for the candidate nearest to `text`, else `otherwise`. */
export function didYouMean(text: string, candidates: Iterable<string>, otherwise: string): string {
  const near = suggest(text, candidates);
  return near === undefined ? otherwise : `did you mean \`${near}\`?`;
}
