/**
 * Matches regular expressions in time linear in the text: the pattern becomes a small program, and
 * each pair of instruction and place is tried once. The choice among matches is the usual one
 * (leftmost, then by the order of alternatives).
 *
 * INVARIANT: a search visits at most `statesMax` states, whatever pattern and text are.
 */
import { Stop } from '../stop.ts';
import {
  type CharacterTest,
  isWordEdge,
  type ParsedPattern,
  type PatternFlags,
  type PatternNode,
  parsePattern,
  type PlaceKind,
  wrongPattern,
} from './parse-pattern.ts';

type Instruction =
  | { readonly kind: 'character'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly test: CharacterTest }
  | { readonly kind: 'place'; readonly place: PlaceKind }
  | { readonly kind: 'save'; readonly slot: number }
  | { kind: 'split'; first: number; second: number }
  | { kind: 'jump'; to: number }
  | { readonly kind: 'match' };

/** A match: where it is, and where its groups are (-1 for those without part in it). */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly slots: readonly number[];
}

const programMax = 4_000;
const statesMax = 64_000_000;

class ProgramWriter {
  readonly instructions: Instruction[] = [];

  emit(instruction: Instruction): number {
    if (this.instructions.length >= programMax) throw wrongPattern('it is too large');
    this.instructions.push(instruction);
    return this.instructions.length - 1;
  }

  write(node: PatternNode): void {
    switch (node.kind) {
      case 'character':
      case 'set':
      case 'place':
        this.emit(node);
        return;
      case 'sequence':
        for (const part of node.parts) this.write(part);
        return;
      case 'group':
        this.emit({ kind: 'save', slot: node.index * 2 });
        this.write(node.inner);
        this.emit({ kind: 'save', slot: node.index * 2 + 1 });
        return;
      case 'choice':
        return this.writeChoice(node.options);
      case 'repeat':
        return this.writeRepeat(node);
    }
  }

  private writeChoice(options: readonly PatternNode[]): void {
    const jumps: { to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return this.write(option);
      const split = { kind: 'split' as const, first: this.instructions.length + 1, second: 0 };
      this.emit(split);
      this.write(option);
      const jump = { kind: 'jump' as const, to: 0 };
      this.emit(jump);
      jumps.push(jump);
      split.second = this.instructions.length;
    });
    for (const jump of jumps) jump.to = this.instructions.length;
  }

  private writeRepeat(node: PatternNode & { kind: 'repeat' }): void {
    for (let i = 0; i < node.least; i += 1) this.write(node.inner);
    if (node.most === null) return this.writeEndless(node.inner, node.isLazy);
    const splits: { first: number; second: number }[] = [];
    for (let i = node.least; i < node.most; i += 1) {
      splits.push(this.emitSplit());
      this.write(node.inner);
    }
    for (const split of splits)
      this.direct(split, split.first, this.instructions.length, node.isLazy);
  }

  private writeEndless(inner: PatternNode, isLazy: boolean): void {
    const split = this.emitSplit();
    const start = this.instructions.length - 1;
    this.write(inner);
    this.emit({ kind: 'jump', to: start });
    this.direct(split, split.first, this.instructions.length, isLazy);
  }

  private emitSplit(): { first: number; second: number } {
    const split = { kind: 'split' as const, first: this.instructions.length + 1, second: 0 };
    this.emit(split);
    return split;
  }

  private direct(
    split: { first: number; second: number },
    into: number,
    past: number,
    isLazy: boolean,
  ): void {
    split.first = isLazy ? past : into;
    split.second = isLazy ? into : past;
  }
}

/** A compiled regular expression. */
export class Pattern {
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  private readonly instructions: readonly Instruction[];
  private readonly firstCharacter: string | null;

  constructor(parsed: ParsedPattern) {
    const writer = new ProgramWriter();
    writer.write(parsed.root);
    writer.emit({ kind: 'match' });
    this.instructions = writer.instructions;
    this.groupCount = parsed.groupCount;
    this.groupNames = parsed.groupNames;
    const [first] = writer.instructions;
    this.firstCharacter =
      first?.kind === 'character' ? String.fromCodePoint(first.codePoint) : null;
  }

  /** Tells whether the pattern matches the whole of `text`. */
  matchesWhole(text: string): boolean {
    return new Search(this.instructions, text, this.groupCount, true).at(0) !== null;
  }

  /** Returns the matches in `text` from the start on, as long as `more` asks for them. */
  *matches(text: string): Generator<PatternMatch> {
    const search = new Search(this.instructions, text, this.groupCount, false);
    let from = 0;
    while (from <= text.length) {
      if (this.firstCharacter !== null) {
        from = text.indexOf(this.firstCharacter, from);
        if (from === -1) return;
      }
      const match = search.at(from);
      if (match === null) from += 1;
      else {
        yield match;
        from = match.end > match.start ? match.end : match.end + 1;
      }
    }
  }

  /** Returns the first match in `text`, or null. */
  first(text: string): PatternMatch | null {
    for (const match of this.matches(text)) return match;
    return null;
  }
}

/** One search through one text. What was tried without success is never tried again. */
class Search {
  private readonly instructions: readonly Instruction[];
  private readonly text: string;
  private readonly slotCount: number;
  private readonly isWhole: boolean;
  private readonly tried: Uint8Array;

  constructor(
    instructions: readonly Instruction[],
    text: string,
    groupCount: number,
    isWhole: boolean,
  ) {
    this.instructions = instructions;
    this.text = text;
    this.slotCount = (groupCount + 1) * 2;
    this.isWhole = isWhole;
    const states = (text.length + 1) * instructions.length;
    if (states > statesMax) {
      throw new Stop('expression.failed', 'the text is too long for this regular expression', {
        help: 'shorten the text or the pattern, or do the work in a script task',
      });
    }
    this.tried = new Uint8Array((states >> 3) + 1);
  }

  /** Tries a state for the first time, or tells that it was tried. */
  private isFresh(instruction: number, place: number): boolean {
    const state = place * this.instructions.length + instruction;
    const index = state >> 3;
    const bit = 1 << (state & 7);
    const byte = this.tried[index] ?? 0;
    if ((byte & bit) !== 0) return false;
    this.tried[index] = byte | bit;
    return true;
  }

  /** Makes the states of one place fresh again: those on the way to a match have not failed. */
  private refresh(place: number): void {
    for (let i = 0; i < this.instructions.length; i += 1) {
      const state = place * this.instructions.length + i;
      const index = state >> 3;
      this.tried[index] = (this.tried[index] ?? 0) & ~(1 << (state & 7));
    }
  }

  /** Returns the match that starts at `start`, or null. */
  at(start: number): PatternMatch | null {
    const slots = Array.from({ length: this.slotCount }, () => -1);
    // Two numbers per entry: an instruction and a place; or, to undo a saved slot, -1 - slot and its value.
    const stack: number[] = [0, start];
    while (stack.length > 0) {
      const place = stack.pop() as number;
      const instruction = stack.pop() as number;
      if (instruction < 0) {
        slots[-1 - instruction] = place;
        continue;
      }
      const end = this.follow(instruction, place, slots, stack);
      if (end === -1) continue;
      this.refresh(end);
      slots[0] = start;
      slots[1] = end;
      return { start, end, slots };
    }
    return null;
  }

  /** Follows one path as far as it goes; gives the end of a match or -1. */
  private follow(from: number, start: number, slots: number[], stack: number[]): number {
    let at = from;
    let place = start;
    for (;;) {
      if (!this.isFresh(at, place)) return -1;
      const instruction = this.instructions[at] as Instruction;
      switch (instruction.kind) {
        case 'match':
          return this.isWhole && place !== this.text.length ? -1 : place;
        case 'jump':
          at = instruction.to;
          continue;
        case 'split':
          stack.push(instruction.second, place);
          at = instruction.first;
          continue;
        case 'save':
          stack.push(-1 - instruction.slot, slots[instruction.slot] ?? -1);
          slots[instruction.slot] = place;
          break;
        case 'place':
          if (!this.holds(instruction.place, place)) return -1;
          break;
        case 'character':
        case 'set': {
          const code = this.text.codePointAt(place);
          if (code === undefined) return -1;
          const isMatch =
            instruction.kind === 'set' ? instruction.test(code) : instruction.codePoint === code;
          if (!isMatch) return -1;
          place += code > 0xffff ? 2 : 1;
        }
      }
      at += 1;
    }
  }

  private holds(kind: PlaceKind, place: number): boolean {
    const { text } = this;
    switch (kind) {
      case 'text-start':
        return place === 0;
      case 'text-end':
        return place === text.length;
      case 'text-end-or-last-break':
        return (
          place === text.length ||
          (place === text.length - 1 && text[place] === '\n') ||
          (place === text.length - 2 && text.endsWith('\r\n'))
        );
      case 'line-start':
        return place === 0 || (text[place - 1] === '\n' && place < text.length);
      case 'line-end':
        return place === text.length || text[place] === '\n' || text[place] === '\r';
      case 'word-edge':
      case 'no-word-edge': {
        const before = place === 0 ? undefined : text.charCodeAt(place - 1);
        const after = place === text.length ? undefined : text.charCodeAt(place);
        return isWordEdge(before, after) === (kind === 'word-edge');
      }
    }
  }
}

const cacheMax = 200;
const cache = new Map<string, Pattern>();
const noFlags: PatternFlags = {
  ignoresCase: false,
  dotMatchesBreaks: false,
  isMultiline: false,
  ignoresSpace: false,
};

/** Returns the compiled form of a pattern; throws a `Stop` when it is none. */
export function patternOf(text: string, flags: Partial<PatternFlags> = {}): Pattern {
  const all = { ...noFlags, ...flags };
  const key = `${Object.values(all).map(Number).join('')}${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const pattern = new Pattern(parsePattern(text, all));
  if (cache.size >= cacheMax) cache.clear();
  cache.set(key, pattern);
  return pattern;
}
