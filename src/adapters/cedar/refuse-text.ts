/**
 * Texts that are refused before the Cedar parser sees them: too long, or nested so deeply that a parser
 * written as functions that call each other would run out of stack.
 */

const charactersMax = 1_000_000;
const policyCharactersMax = 20_000;
const depthMax = 40;
const openers = '([{';
const closers = ')]}';

/** Why a text is refused, and where. */
export interface RefusedText {
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

function tooLarge(at: number, message: string): RefusedText {
  return { at, code: 'policy.too-large', message, help: 'write several smaller policies' };
}

/** Returns the place after the string or comment that begins at `at`, or `at` when none does. */
function skip(text: string, at: number): number {
  if (text[at] === '/' && text[at + 1] === '/') {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (text[at] !== '"') return at;
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === '\\') next += 1;
    else if (text[next] === '"') return next + 1;
  }
  return text.length;
}

/** Returns why `text` is refused; undefined when the parser may see it. */
export function refusedText(text: string): RefusedText | undefined {
  if (text.length > charactersMax) return tooLarge(0, `the file has ${text.length} characters`);
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < text.length; at += 1) {
    const after = skip(text, at);
    if (after > at) at = after - 1;
    const character = text[at] ?? '';
    if (after > at + 1) continue;
    if (openers.includes(character)) depth += 1;
    else if (closers.includes(character)) depth = Math.max(0, depth - 1);
    else if (character === ';' && depth === 0) begin = at + 1;
    if (depth > depthMax) return tooLarge(at, `brackets are nested more than ${depthMax} deep`);
    if (at - begin > policyCharactersMax) {
      return tooLarge(begin, `a policy has more than ${policyCharactersMax} characters`);
    }
  }
  return undefined;
}
