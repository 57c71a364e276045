/**
 * Compiled templates by their text. Two generations stand in for a list of last use: what is asked for
 * moves to the young one; when that is full the old one is dropped. Both bounds and look-up are constant.
 */
import type { ExpressionError } from './contract.ts';
import type { Program } from './evaluation/program.ts';
import { compileProgram } from './language/compile-template.ts';
import { positionOf, Stop } from './stop.ts';

/** What compiling gave. */
export type Compiled =
  | { readonly ok: true; readonly template: Program }
  | { readonly ok: false; readonly error: ExpressionError };

const generationMax = 2_000;
const generationCharactersMax = 2_000_000;
/** Longer templates are compiled each time, so that the cache stays small. */
const cachedLengthMax = 100_000;

let young = new Map<string, Compiled>();
let old = new Map<string, Compiled>();
let youngCharacters = 0;

/** Returns the error that a stop stands for. */
export function errorOf(stop: Stop, source: string, at: number): ExpressionError {
  const error = {
    code: stop.code,
    message: stop.message.replace(/\s+/g, ' '),
    help: stop.help,
    position: positionOf(source, stop.at ?? at),
  };
  const named = stop.unknownName === undefined ? error : { ...error, name: stop.unknownName };
  return stop.cause === undefined ? named : { ...named, cause: stop.cause };
}

/** Returns the stop for exhaustion inside the engine that runs this code, or null when `error` is none. */
export function exhaustion(error: unknown): Stop | null {
  if (!(error instanceof RangeError)) return null;
  if (error.message.includes('call stack')) {
    return new Stop('expression.depth-limit-reached', 'the expression is nested too deeply', {
      help: 'name parts of it with `set`, or move work into a task',
    });
  }
  if (/length|size|too big/i.test(error.message)) {
    return new Stop('expression.output-limit-reached', 'the template makes too much text', {
      help: 'keep larger content in files',
    });
  }
  return null;
}

function compile(source: string): Compiled {
  try {
    return { ok: true, template: compileProgram(source) };
  } catch (error) {
    const stop = error instanceof Stop ? error : exhaustion(error);
    if (stop === null) throw error;
    return { ok: false, error: errorOf(stop, source, 0) };
  }
}

/** Returns the compiled template of `source`. */
export function compiledOf(source: string): Compiled {
  const known = young.get(source);
  if (known !== undefined) return known;
  const compiled = old.get(source) ?? compile(source);
  if (source.length > cachedLengthMax) return compiled;
  if (young.size >= generationMax || youngCharacters >= generationCharactersMax) {
    old = young;
    young = new Map();
    youngCharacters = 0;
  }
  youngCharacters += source.length;
  young.set(source, compiled);
  return compiled;
}
