/**
 * Functions over numbers, text and templates. What needs the world is not here: it comes from the
 * host.
 */
import {
  emptyMap,
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import { callHostWith } from '../evaluation/call-host.ts';
import type { Frame } from '../evaluation/frame.ts';
import type { ArgumentValues, BuiltIn } from '../filters/filter.ts';
import { optionalBoolean, optionalText, wholeArgument } from '../filters/filter.ts';
import { readAllIon, readIon } from '../formats/read-ion.ts';
import { readJson } from '../formats/read-json.ts';
import { replaceRaw } from '../language/lexer.ts';
import { Stop, wrongType } from '../stop.ts';
import { sortOrder } from '../values/comparisons.ts';
import { listRange } from '../values/ranges.ts';
import { kindOf } from '../values/truth.ts';
import { prettyJsonText } from '../values/value-text.ts';

const rendersMax = 100;
// Code points that stand for no character, so that no text holds them.
const placeStart = '\uFDD0';
const placeEnd = '\uFDD1';

function builtIn(parameters: readonly string[], required: number, run: BuiltIn['run']): BuiltIn {
  return { parameters, required, run };
}

const manyParameters = Array.from({ length: 50 }, (_, index) => `value${index + 1}`);

/** Returns the greatest or least of some values, or of the elements of one list. */
function extreme(args: ArgumentValues, sign: 1 | -1): Value {
  const given = args.filter((arg) => arg !== undefined);
  const [first] = given;
  const values = given.length === 1 && first !== undefined && isList(first) ? first : given;
  let best: Value = null;
  for (const value of values) {
    if (value === null) continue;
    if (best === null || sortOrder(value, best) * sign > 0) best = value;
  }
  return best;
}

function parseJson(value: Value | undefined): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return readJson(value);
  throw wrongType(`\`fromJson\` needs text and was given ${kindOf(value)}`);
}

function mayHoldTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Refuses to treat text from outside as a template: whoever wrote it would write the flow. */
function refuseOutside(own: Provenance): void {
  if (own.trust === 'trusted') return;
  throw new Stop('expression.failed', 'text from outside cannot be rendered as a template', {
    help: 'render only texts that stand in the flow; print the value without `render`',
  });
}

/** Renders one text once, or until it does not change any more. */
function renderText(text: string, isRecursive: boolean, own: Provenance, frame: Frame): string {
  if (!mayHoldTemplate(text)) return text;
  const kept: string[] = [];
  let all = own;
  let current = text;
  for (let round = 0; round < (isRecursive ? rendersMax : 1); round += 1) {
    refuseOutside(all);
    // What stands in `raw` is kept aside, so that no later round renders it.
    const source = replaceRaw(current, (content) => {
      kept.push(content);
      return `${placeStart}${kept.length - 1}${placeEnd}`;
    });
    frame.marks = plainMarks;
    const rendered = frame.renderNested(source, frame);
    all = joinProvenance(all, frame.takeProvenance());
    if (rendered === current || !mayHoldTemplate(rendered)) {
      frame.marks = joinMarks(plainMarks, all);
      return putBack(rendered, kept);
    }
    current = rendered;
  }
  if (!isRecursive) {
    frame.marks = joinMarks(plainMarks, all);
    return putBack(current, kept);
  }
  throw new Stop('expression.loop-limit-reached', 'the text changes with each rendering', {
    help: `a text is rendered at most ${rendersMax} times; use \`renderOnce\``,
  });
}

function putBack(text: string, kept: readonly string[]): string {
  if (kept.length === 0) return text;
  return text.replace(/\uFDD0(\d+)\uFDD1/g, (whole, index: string) => kept[Number(index)] ?? whole);
}

/** Renders the texts of a value; numbers, booleans and dates are left as they are. */
function renderAny(value: Value, isRecursive: boolean, frame: Frame): Value {
  const own = frame.takeProvenance();
  let all = own;
  const text = (source: string): string => {
    const rendered = renderText(source, isRecursive, own, frame);
    all = joinProvenance(all, frame.takeProvenance());
    return rendered;
  };
  const visit = (one: Value, depth: number): Value => {
    if (depth > 100) throw wrongType('the value is nested too deeply to be rendered');
    if (typeof one === 'string') return text(one);
    if (isList(one)) return one.map((element) => visit(element, depth + 1));
    if (!isMap(one)) return one;
    const map = emptyMap();
    for (const key of Object.keys(one)) {
      const name = text(key);
      map[name] = visit(one[key] as Value, depth + 1);
    }
    return map;
  };
  const result = visit(value, 0);
  frame.marks = all === plain ? plainMarks : joinMarks(plainMarks, all);
  return result;
}

/** Returns everything that the template could read, as JSON of several lines. */
function printContext(frame: Frame): string {
  const map = emptyMap();
  let all: Provenance = plain;
  for (const name of frame.scope.names()) {
    const value = frame.scope.value(name);
    if (value === undefined) continue;
    map[name] = value;
    frame.marks = frame.scope.marks(name);
    all = joinProvenance(all, frame.takeProvenance());
  }
  frame.marks = joinMarks(plainMarks, all);
  return prettyJsonText(map);
}

const context = builtIn([], 0, (_, frame) => printContext(frame));
const json = builtIn(['json'], 1, ([text]) => parseJson(text));

/** Functions over numbers, text and templates, by name. */
export const coreFunctions: readonly (readonly [string, BuiltIn])[] = [
  ['max', builtIn(manyParameters, 1, (args) => extreme(args, 1))],
  ['min', builtIn(manyParameters, 1, (args) => extreme(args, -1))],
  [
    'range',
    builtIn(['start', 'end', 'increment'], 2, ([from = null, to = null, step], frame) =>
      listRange(from, to, step === undefined ? 1 : wholeArgument(step, 'increment'), frame),
    ),
  ],
  ['fromJson', json],
  ['json', json],
  [
    'fromIon',
    builtIn(['ion', 'allRows'], 1, ([text, all]) => {
      const source = optionalText(text, 'ion', null);
      if (source === null) return null;
      return optionalBoolean(all, 'allRows', false) ? readAllIon(source) : readIon(source);
    }),
  ],
  [
    'render',
    builtIn(['toRender', 'recursive'], 1, ([value = null, recursive], frame) =>
      renderAny(value, optionalBoolean(recursive, 'recursive', true), frame),
    ),
  ],
  [
    'renderOnce',
    builtIn(['toRender'], 1, ([value = null], frame) => renderAny(value, false, frame)),
  ],
  ['printContext', context],
  ['fetchContext', context],
  [
    'yaml',
    builtIn(['yaml'], 1, ([text], frame) => {
      const source = optionalText(text, 'yaml', null);
      return source === null ? null : callHostWith(frame, 'yaml', source);
    }),
  ],
];
