/**
 * Which parts of a text property come from outside: what a flow writes itself and what somebody else put in
 * look the same once they are one text, and only its rendering knows.
 */
import { type EvaluationContext, renderSettled } from '../../core/expression/index.ts';
import {
  flatten,
  type Marks,
  marksAt,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import type { TextPart } from '../../ports/task-context.ts';
import { exactTemplate } from './mask-arguments.ts';

/** The text properties of a task as they stand in the flow, and the marks of what they rendered to. */
export interface GivenTexts {
  readonly templates: ValueMap;
  readonly marks: Marks;
}

/** Returns the parts of `text`, given for the property `name`, that come from outside; all of it in doubt. */
export async function outsideParts(
  texts: GivenTexts | undefined,
  name: string,
  text: string,
  bench: { seen(): Provenance; evaluation(): EvaluationContext },
): Promise<readonly TextPart[]> {
  // What a task inside another was given was said by one text.
  const { trust } = texts === undefined ? bench.seen() : flatten(marksAt(texts.marks, name));
  if (trust === 'trusted' || text === '') return [];
  const whole = [{ start: 0, end: text.length }];
  const template = texts === undefined ? undefined : exactTemplate(texts.templates[name]);
  if (template === undefined) return whole;
  const rendered = await renderSettled(template, bench.evaluation());
  if (rendered.outcome !== 'value' || rendered.value !== text) return whole;
  const { segments = [] } = rendered;
  const parts = segments.filter(({ own }) => own.trust !== 'trusted');
  return parts.length === 0 ? whole : parts.map(({ start, end }) => ({ start, end }));
}
