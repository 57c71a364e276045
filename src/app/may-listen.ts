/** Tells from a flow's text alone whether it may listen to the ends of others: most flows do not. */

/** How the type of a trigger that listens is written, in any spelling. */
const spelling = /\btriggers?\.(?:types\.)?Flow\b/;

/** Tells whether a flow with this text may have a trigger that listens. */
export function mayListen(source: string): boolean {
  return spelling.test(source);
}
