/**
 * Instances of the Cedar library. Each has a memory of its own: a text that is too deep for its parser
 * leaves an instance unusable, so what reads texts from people never shares one with what decides.
 * Nothing is loaded before the first is asked for, so that a process without policies does not pay.
 */
import { createRequire } from 'node:module';
import type * as library from '@cedar-policy/cedar-wasm/nodejs';

/** The functions of the library. */
export type Cedar = typeof library;

const libraryName = '@cedar-policy/cedar-wasm/nodejs';
const requireHere = createRequire(import.meta.url);

/** Returns a fresh instance of the library. */
export function openCedar(): Cedar {
  // The library keeps its memory in its module; a module that is loaded again has another one.
  delete requireHere.cache[requireHere.resolve(libraryName)];
  return requireHere(libraryName) as Cedar;
}
