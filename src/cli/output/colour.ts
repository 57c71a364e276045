/**
 * Colours of the terminal, and which state has which. A colour never says anything that a word or a
 * sign beside it does not say too.
 */
import type { Outlet, Surroundings } from '../command.ts';

const codes = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  dim: 2,
  bold: 1,
} as const;

/** A way to set off text. */
export type Colour = keyof typeof codes;

/** Sets text off in a colour, or leaves it as it is. */
export type Paint = (text: string, colour: Colour) => string;

/** Leaves text as it is. */
export const noPaint: Paint = (text) => text;

/** Sets text off with the codes of a terminal. */
export const ansiPaint: Paint = (text, colour) => `\u001b[${codes[colour]}m${text}\u001b[0m`;

/** Returns how to set off text for `outlet`: with colours on a terminal unless `NO_COLOR` is set. */
export function paintFor(outlet: Outlet, environment: Surroundings['environment']): Paint {
  const asked = environment['FORCE_COLOR'];
  if (environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '') return noPaint;
  if (asked !== undefined && asked !== '' && asked !== '0') return ansiPaint;
  return outlet.isTerminal && environment['TERM'] !== 'dumb' ? ansiPaint : noPaint;
}

/** The sign and the colour of a state. */
export interface StateLook {
  readonly sign: string;
  readonly colour: Colour;
}

const looks: Readonly<Record<string, StateLook>> = {
  SUCCESS: { sign: '✓', colour: 'green' },
  WARNING: { sign: '!', colour: 'yellow' },
  FAILED: { sign: '✗', colour: 'red' },
  KILLED: { sign: '■', colour: 'red' },
  KILLING: { sign: '■', colour: 'red' },
  CANCELLED: { sign: '■', colour: 'yellow' },
  RUNNING: { sign: '●', colour: 'cyan' },
  PAUSED: { sign: '‖', colour: 'magenta' },
  RETRYING: { sign: '↻', colour: 'yellow' },
  RETRIED: { sign: '↻', colour: 'yellow' },
  RESTARTED: { sign: '↻', colour: 'cyan' },
  SKIPPED: { sign: '–', colour: 'dim' },
};

/** Returns the sign and colour of `state`. */
export function lookOf(state: string): StateLook {
  return (Object.hasOwn(looks, state) ? looks[state] : undefined) ?? { sign: '○', colour: 'dim' };
}

/** Returns the colour of a log level. */
export function colourOfLevel(level: string): Colour {
  if (level === 'ERROR') return 'red';
  if (level === 'WARN') return 'yellow';
  return level === 'INFO' ? 'blue' : 'dim';
}
