/** Runs steps and gives what they write as text, for macros, blocks and filter tags. */
import { marksOf, plain } from '../../value/index.ts';
import type { Frame, Step } from './frame.ts';

/** Returns the text that `steps` write; its provenance becomes the marks of the last value. */
export function captureText(frame: Frame, steps: readonly Step[]): string {
  const { text, tone, parts, segments } = frame;
  frame.text = '';
  frame.tone = plain;
  frame.parts = null;
  frame.segments = null;
  frame.enter();
  try {
    for (const step of steps) step(frame);
    frame.marks = marksOf(frame.tone);
    return frame.text;
  } finally {
    frame.leave();
    frame.text = text;
    frame.tone = tone;
    frame.parts = parts;
    frame.segments = segments;
  }
}
