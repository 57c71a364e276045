/** What the door said, in a sentence for people. */
import type { Passage } from './run-door.ts';

/** Returns why an attempt was not let through. */
export function describePassage(passage: Exclude<Passage, { kind: 'pass' }>): string {
  if (passage.kind === 'denied') return `policy refuses this run: ${passage.reasons.join('; ')}`;
  return `policy holds back this run: ${passage.opening.event.reasons.join('; ')}`;
}
