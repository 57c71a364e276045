/** Patterns of paths: `**`, `*`, `?` and `{a,b}`; a leading `/` means the same as none. */
import { matchesGlob } from 'node:path';

/** Returns `patterns` as a list: one pattern, several, or JSON text of a list. */
export function readPatterns(patterns: string | readonly string[]): readonly string[] {
  if (typeof patterns !== 'string') return patterns;
  if (!patterns.trimStart().startsWith('[')) return [patterns];
  try {
    return JSON.parse(patterns) as readonly string[];
  } catch {
    // A pattern such as `[ab]*.csv` begins like a list and is none.
    return [patterns];
  }
}

/** Returns the paths that match one of the patterns, in order. */
export function matchPaths(
  paths: readonly string[],
  patterns: string | readonly string[],
): readonly string[] {
  const wanted = readPatterns(patterns).map((pattern) => pattern.replace(/^\/+/, ''));
  return paths
    .filter((path) => wanted.some((pattern) => pattern === path || matchesGlob(path, pattern)))
    .toSorted();
}
