/** Typed values of inputs: every type, its bounds, and what a form sends. */
import { describe, expect, test } from 'vitest';
import { Double, type Value } from '../value/index.ts';
import type { InputDefinition } from './flow.ts';
import { orderInputs, readInput, readOutput } from './read-input.ts';

const span = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function definition(
  parts: Partial<InputDefinition> & Pick<InputDefinition, 'type'>,
): InputDefinition {
  return { id: 'x', isRequired: true, span, ...parts };
}

function read(
  parts: Partial<InputDefinition> & Pick<InputDefinition, 'type'>,
  given?: Value,
): Value | undefined {
  const result = readInput(definition(parts), given);
  return result.ok ? result.value : undefined;
}

/** Returns the value as text, for dates. */
function printed(
  parts: Partial<InputDefinition> & Pick<InputDefinition, 'type'>,
  given: Value,
): string {
  return JSON.stringify(read(parts, given));
}

function refusal(
  parts: Partial<InputDefinition> & Pick<InputDefinition, 'type'>,
  given?: Value,
): string {
  const result = readInput(definition(parts), given);
  return result.ok ? 'accepted' : result.message;
}

describe('readInput', () => {
  test('keeps text as it is, the empty one included', () => {
    expect(read({ type: 'STRING' }, 'a')).toBe('a');
    expect(read({ type: 'STRING' }, '')).toBe('');
    expect(read({ type: 'STRING' }, 42)).toBe('42');
    expect(read({ type: 'STRING' }, new Double(42))).toBe('42.0');
  });

  test('refuses a required input without value and gives null for an optional one', () => {
    expect(refusal({ type: 'STRING' })).toBe('the input `x` is required, but no value is given');
    expect(refusal({ type: 'INT' }, '')).toContain('is required');
    expect(read({ type: 'STRING', isRequired: false })).toBeNull();
  });

  test('takes the default when nothing is given', () => {
    expect(read({ type: 'STRING', defaults: '' })).toBe('');
    expect(read({ type: 'INT', defaults: 7 }, null)).toBe(7);
    expect(refusal({ type: 'STRING', defaults: '{{ now() }}' })).toContain('is required');
  });

  test('matches a validator against the whole text', () => {
    expect(read({ type: 'STRING', validator: 'A\\d+' }, 'A12')).toBe('A12');
    expect(refusal({ type: 'STRING', validator: 'A\\d+' }, 'xA12')).toContain(
      'matches the pattern',
    );
    expect(refusal({ type: 'STRING', validator: 'a|b' }, 'ab')).toContain('matches the pattern');
    expect(refusal({ type: 'STRING', validator: 'a*' }, 'a'.repeat(20_000))).toContain(
      'longer than',
    );
  });

  test('matches in time that a hostile pattern cannot stretch', () => {
    const text = `${'a'.repeat(9_999)}!`;
    for (const validator of ['(a+)+', '(a|a)*b', '(a*)*(a*)*c', '([a-z]+)*\\d']) {
      const started = performance.now();
      expect(refusal({ type: 'STRING', validator }, text)).toContain('matches the pattern');
      // With backtracking each of these would outlive the machine.
      expect(performance.now() - started).toBeLessThan(1_000);
    }
    for (const validator of ['(?=a)(a+)+', '(a)\\1', 'a*+b']) {
      expect(refusal({ type: 'STRING', validator }, 'a')).toContain('cannot be checked');
    }
  });

  test('knows the spellings of Java in a validator', () => {
    for (const [validator, text] of [
      ['(?i)abc', 'ABC'],
      ['\\A\\p{Alpha}+\\z', 'ab'],
      ['[\\p{Upper}\\-]{2}', 'A-'],
      ['a\\hb', 'a b'],
      ['\\p{L}+', 'É'],
    ] as const) {
      expect(read({ type: 'STRING', validator }, text)).toBe(text);
    }
  });

  test('never shows a secret', () => {
    expect(refusal({ type: 'SECRET', validator: '\\d+' }, 'hunter2')).not.toContain('hunter2');
  });

  test('reads whole numbers within bounds', () => {
    expect(read({ type: 'INT' }, '42')).toBe(42);
    expect(read({ type: 'INT' }, '-7')).toBe(-7);
    expect(read({ type: 'INT' }, '9007199254740993')).toBe(9007199254740993n);
    expect(refusal({ type: 'INT' }, '9223372036854775808')).toContain('64 bits');
    expect(refusal({ type: 'INT' }, '42.0')).toContain('whole number');
    expect(read({ type: 'INT', min: 3, max: 5 }, '3')).toBe(3);
    expect(refusal({ type: 'INT', min: 3 }, '2')).toContain('at least 3');
    expect(refusal({ type: 'INT', max: 5 }, '6')).toContain('at most 5');
  });

  test('reads decimals, a whole one as a decimal', () => {
    expect(read({ type: 'FLOAT' }, '42.42')).toBe(42.42);
    expect(read({ type: 'FLOAT' }, 42)).toEqual(new Double(42));
    expect(refusal({ type: 'FLOAT' }, '0x1')).toContain('a number');
    expect(refusal({ type: 'FLOAT', max: 1 }, '1.5')).toContain('at most 1');
  });

  test('takes only `true` for true', () => {
    expect(read({ type: 'BOOLEAN' }, 'TRUE')).toBe(true);
    expect(read({ type: 'BOOLEAN' }, 'yes')).toBe(false);
    expect(read({ type: 'BOOLEAN' }, true)).toBe(true);
  });

  test('reads dates and times', () => {
    expect(printed({ type: 'DATETIME' }, '2013-09-08T16:19+02:00')).toBe('"2013-09-08T14:19:00Z"');
    expect(refusal({ type: 'DATETIME' }, '2013-09-08T16:19')).toContain('date with time and zone');
    expect(printed({ type: 'DATE' }, '2026-02-28')).toBe('"2026-02-28"');
    expect(refusal({ type: 'DATE' }, '2026-02-30')).toContain('a date');
    expect(printed({ type: 'TIME' }, '08:30')).toBe('"08:30:00"');
    expect(refusal({ type: 'TIME' }, '25:00')).toContain('a time of day');
    expect(refusal({ type: 'DATE', after: '2026-01-01' }, '2025-12-31')).toContain(
      'after 2026-01-01',
    );
    expect(refusal({ type: 'TIME', before: '12:00' }, '13:00')).toContain('before 12:00');
    expect(
      refusal({ type: 'DATETIME', before: '2020-01-01T00:00:00Z' }, '2021-01-01T00:00:00Z'),
    ).toContain('before');
  });

  test('reads durations within bounds', () => {
    expect(printed({ type: 'DURATION' }, 'pt5s')).toBe('"PT5S"');
    expect(printed({ type: 'DURATION' }, 'PT-5M')).toBe('"-PT300S"');
    expect(refusal({ type: 'DURATION' }, '5s')).toContain('a duration');
    expect(refusal({ type: 'DURATION', max: 'PT1M' }, 'PT2M')).toContain('at most PT1M');
  });

  test('chooses among values', () => {
    const values = ['a', 'b'];
    expect(read({ type: 'SELECT', values }, 'b')).toBe('b');
    expect(refusal({ type: 'SELECT', values }, 'c')).toContain('one of its values');
    expect(read({ type: 'SELECT', values, allowCustomValue: true }, 'c')).toBe('c');
    expect(read({ type: 'SELECT', values, autoSelectFirst: true })).toBe('a');
    expect(read({ type: 'MULTISELECT', values }, '["a","b"]')).toEqual(['a', 'b']);
    expect(refusal({ type: 'MULTISELECT', values }, ['a', 'c'])).toContain('`c`');
  });

  test('reads lists with typed items', () => {
    expect(read({ type: 'ARRAY', itemType: 'INT' }, '["1", 2]')).toEqual([1, 2]);
    expect(refusal({ type: 'ARRAY', itemType: 'INT' }, '[1, "x"]')).toContain('item 2');
    expect(refusal({ type: 'ARRAY', itemType: 'INT' }, 'x')).toContain('a list');
  });

  test('reads JSON and YAML, decimals kept apart from whole numbers', () => {
    expect(read({ type: 'JSON' }, '{"a": [1, 1.0, 1e2]}')).toEqual({
      a: [1, new Double(1), new Double(100)],
    });
    expect(refusal({ type: 'JSON' }, '{')).toContain('JSON');
    expect(read({ type: 'YAML' }, 'a: 1\nb: [x]')).toEqual({ a: 1, b: ['x'] });
    expect(refusal({ type: 'YAML' }, 'a: [')).toContain('YAML (line');
    const hostile = read({ type: 'JSON' }, '{"__proto__": {"polluted": true}}');
    expect(Object.getPrototypeOf(hostile)).toBeNull();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('reads addresses and files', () => {
    expect(read({ type: 'EMAIL' }, 'a@example.org')).toBe('a@example.org');
    expect(refusal({ type: 'EMAIL' }, 'a@b')).toContain('e-mail');
    expect(read({ type: 'URI' }, 'https://example.org/x')).toBe('https://example.org/x');
    expect(refusal({ type: 'URI' }, 'http:/x')).toContain('a URI');
    const allowedFileExtensions = ['.csv'];
    expect(read({ type: 'FILE', allowedFileExtensions }, 'kestra:///a/b.CSV')).toBe(
      'kestra:///a/b.CSV',
    );
    expect(refusal({ type: 'FILE', allowedFileExtensions }, 'kestra:///a/b.txt')).toContain(
      'extension',
    );
    expect(refusal({ type: 'FILE' }, '/etc/passwd')).toContain('a file');
  });
});

test('readOutput types what an expression gave and tolerates absence only where it is declared', () => {
  const output = { id: 'o', type: 'INT', value: '', isRequired: true, span } as const;
  expect(readOutput(output, '5')).toEqual({ ok: true, value: 5 });
  expect(readOutput(output, null)).toMatchObject({
    ok: false,
    message: 'the output `o` has no value',
  });
  expect(readOutput({ ...output, isRequired: false }, undefined)).toEqual({
    ok: true,
    value: null,
  });
});

test('orderInputs puts each behind those it depends on and keeps the order otherwise', () => {
  const one = (id: string, on: string[] = []): InputDefinition =>
    definition({ id, type: 'STRING', ...(on.length > 0 ? { dependsOn: { inputs: on } } : {}) });
  const order = orderInputs([one('a', ['c']), one('b'), one('c', ['d', 'nowhere']), one('d')]);
  expect(order.map((each) => each.id)).toEqual(['d', 'c', 'a', 'b']);
  const cyclic = orderInputs([one('a', ['b']), one('b', ['a'])]);
  expect(cyclic.map((each) => each.id).toSorted()).toEqual(['a', 'b']);
});
