/** Renders a template inside the evaluation of another, for `render` and `renderOnce`. */
import { marksOf, plain } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { compiledOf } from '../template-cache.ts';
import type { Frame, RenderNested } from './frame.ts';

/** Renders `source` in the scope of `frame`; the provenance of the text becomes the marks of the last value. */
export const renderNested: RenderNested = (source: string, frame: Frame): string => {
  if (!source.includes('{')) return source;
  const compiled = compiledOf(source);
  if (!compiled.ok) {
    const { code, message, help } = compiled.error;
    throw new Stop(code, `a rendered text is wrong: ${message}`, { help });
  }
  const { program, text, tone, parts, segments, locals, at } = frame;
  frame.program = compiled.template;
  frame.text = '';
  frame.tone = plain;
  frame.parts = null;
  frame.segments = null;
  frame.locals = null;
  frame.enter();
  try {
    for (const step of compiled.template.steps) step(frame);
    frame.marks = marksOf(frame.tone);
    return frame.text;
  } catch (error) {
    // The place is one in the inner text, which the reader does not have before him.
    if (error instanceof Stop) error.at = at;
    throw error;
  } finally {
    frame.leave();
    frame.program = program;
    frame.text = text;
    frame.tone = tone;
    frame.parts = parts;
    frame.segments = segments;
    frame.locals = locals;
    frame.at = at;
  }
};
