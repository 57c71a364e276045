/** The functions that need nothing of the world (language facts, sections 9.1, 10 and 11). */
import { describe, expect, it } from 'vitest';
import { flatten, marksOf, marksOfParts, provenanceOf } from '../../value/index.ts';
import { evaluateTemplate } from '../evaluate.ts';
import { contextOf, valueFromJson, errorIn, textOf } from '../testing.ts';

const loops = {
  taskrun: valueFromJson({ value: 'b2', iteration: 1 }),
  task: valueFromJson({ id: 'inner' }),
  parent: valueFromJson({ task: { id: 'near' }, taskrun: { value: 'b1' } }),
  parents: valueFromJson([
    { task: { id: 'near' }, taskrun: { value: 'b1' } },
    { task: { id: 'far' }, taskrun: { value: 'a1' } },
    { outputs: { x: 1 }, task: { id: 'outer' } },
  ]),
  outputs: valueFromJson({
    inner: { a1: { b1: { b0: { value: 'first' }, b2: { value: 'second' } } } },
    near: { b1: { value: 'near' } },
    far: { a1: { value: 'far' } },
    outer: { x: 1 },
    loop: {
      outputs: [
        { item: { value: 'a' }, outputs: { uri: 's3://a' } },
        { item: { value: 'b' } },
        'odd',
      ],
    },
  }),
};

describe('functions', () => {
  const cases: readonly (readonly [template: string, text: string])[] = [
    ['{{ max(1, 5, 3) }}{{ min(2, 1.5) }}{{ max([1, 9]) }}', '51.59'],
    [
      '{{ range(1, 4) }}{{ range(0, 10, 5) }}{{ range("a", "c") }}',
      '[1,2,3,4][0,5,10]["a","b","c"]',
    ],
    // `currentEachOutput` descends by the values of all loops, outermost first (section 9.1).
    ['{{ currentEachOutput(outputs.inner).value }}', 'second'],
    ['{{ currentOutput(outputs.inner) | jq(".value") | first }}', 'second'],
    [
      "{{ loopOutputs(outputs.loop, 'uri') }}{{ loopOutputs(outputs.loop.outputs, 'uri') }}",
      '["s3://a",null,null]["s3://a",null,null]',
    ],
    [
      '{{ parentOutput() }}{{ parentOutput(0) }}{{ parentOutput(1) }}',
      '{"value":"near"}{"x":1}{"value":"far"}',
    ],
    [
      "{{ iterationOutput('inner', 1) }}{{ iterationOutput('inner') }}{{ iterationOutput() }}",
      'secondfirstfirst',
    ],
    ["{{ isWeekend('2025-01-04') }}{{ isWeekend('2025-01-06T10:00:00Z') }}", 'truefalse'],
    [
      "{{ dayOfWeek('2025-01-06T00:30:00+02:00') }} {{ dayOfMonth('2025-01-06') }} {{ monthOfYear('2025-03-10') }} {{ hourOfDay('2025-01-06T14:30:00+02:00') }}",
      'MONDAY 6 3 14',
    ],
    [
      "{{ isDayWeekInMonth('2025-01-06', 'MONDAY', 'FIRST') }}{{ isDayWeekInMonth('2025-01-27', 'monday', 'LAST') }}{{ isDayWeekInMonth('2025-01-13', 'MONDAY', 'FIRST') }}",
      'truetruefalse',
    ],
    [
      "{{ isLastWorkingDay('2025-01-31') }}{{ isLastWorkingDay('2025-05-30') }}{{ isLastWorkingDay('2025-01-30') }}{{ isLastWorkingDay('2025-01-30', 'MONDAY,THURSDAY') }}",
      'truetruefalsetrue',
    ],
    [
      "{{ isDateBefore('2025-01-01T10:00:00+02:00', '2025-01-01T09:00:00Z') }}{{ isDateAfter('2025-01-02', '2025-01-01') }}",
      'truetrue',
    ],
    [
      "{{ isDateBetween('2025-06-01T00:00:00Z', '2025-01-01T00:00:00Z', '2025-12-31T00:00:00Z') }}{{ isDateBetween('2025-01-01', '2025-01-01', '2025-02-01') }}",
      'truefalse',
    ],
  ];

  it.each(cases)('%s gives %s', (template, text) => {
    expect(textOf(template, loops)).toBe(text);
  });

  const wrong: readonly (readonly [template: string, code: string])[] = [
    ["{{ currentEachOutput('x') }}", 'expression.argument-wrong'],
    ['{{ currentEachOutput(outputs.far) }}', 'expression.failed'],
    ["{{ loopOutputs('x', 'y') }}", 'expression.argument-wrong'],
    ['{{ loopOutputs(outputs.loop, null) }}', 'expression.argument-wrong'],
    ['{{ parentOutput(9) }}', 'expression.argument-wrong'],
    ["{{ iterationOutput('inner', 9) }}", 'expression.argument-wrong'],
    ["{{ hourOfDay('2025-01-06') }}", 'expression.argument-wrong'],
    ["{{ isWeekend('x') }}", 'expression.failed'],
    ['{{ range(1, 2, 0) }}', 'expression.argument-wrong'],
    ["{{ range('ab', 3) }}", 'expression.type-wrong'],
    ['{{ parent() }}', 'expression.failed'],
    ["{{ block('x') }}", 'expression.argument-wrong'],
  ];

  it.each(wrong)('%s ends with %s', (template, code) => {
    expect(errorIn(template, loops).code).toBe(code);
  });

  it('marks what was found by loop values that are marked', () => {
    const secret = provenanceOf({ trust: 'untrusted' });
    const marks = { taskrun: marksOfParts([['value', marksOf(secret)]]) };
    const result = evaluateTemplate(
      '{{ currentEachOutput(outputs.inner) }}',
      contextOf(loops, { marks }),
    );
    expect(result.outcome === 'value' && flatten(result.marks).trust).toBe('untrusted');
  });
});
