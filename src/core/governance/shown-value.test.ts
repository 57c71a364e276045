/** What people see before they decide is what is there: nothing hidden, nothing disguised, nothing silently left out. */
import { describe, expect, test } from 'vitest';
import { emptyMap, type Value } from '../value/index.ts';
import { lookalikesIn, shownText, shownValue, visibleText } from './shown-value.ts';

const digest = (text: string): string => `${text.length}`.padStart(64, 'd');

describe('what is not seen', () => {
  test.each([
    ['a control character', 'pay\u0000 10', 'pay⟨U+0000⟩ 10'],
    ['an escape that a terminal obeys', '\u001b[2Jclean', '⟨U+001B⟩[2Jclean'],
    ['a carriage return that goes back over what stands there', 'bad\rgood', 'bad⟨U+000D⟩good'],
    ['an override of the direction', 'a\u202Etxt.exe', 'a⟨U+202E⟩txt.exe'],
    ['an isolate', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['a space without a width', '10\u200B000', '10⟨U+200B⟩000'],
    ['a joiner between letters', 'a\u200Db', 'a⟨U+200D⟩b'],
    ['a soft hyphen', 'a\u00ADb', 'a⟨U+00AD⟩b'],
    ['a mark of the order of bytes', '\uFEFFa', '⟨U+FEFF⟩a'],
    ['tags that spell an instruction', 'ok\u{E0070}\u{E0061}', 'ok⟨U+E0070⟩⟨U+E0061⟩'],
    ['a variation selector on a letter', 'a\uFE0Fb', 'a⟨U+FE0F⟩b'],
    ['a variation selector of the supplement', 'a\u{E0100}', 'a⟨U+E0100⟩'],
    ['a joiner of graphemes', 'a\u034Fb', 'a⟨U+034F⟩b'],
    ['a filler', '\u3164\u115F\uFFA0', '⟨U+3164⟩⟨U+115F⟩⟨U+FFA0⟩'],
    ['a blank of Braille', '\u2800', '⟨U+2800⟩'],
    ['a separator of lines', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['a space that is no space', 'a\u00A0b\u3000', 'a⟨U+00A0⟩b⟨U+3000⟩'],
    ['a private character', '\uE000\u{F0000}', '⟨U+E000⟩⟨U+F0000⟩'],
    ['half a character', 'a\uD800b\uDC00', 'a⟨U+D800⟩b⟨U+DC00⟩'],
    ['an unassigned character', 'a\uFFFF', 'a⟨U+FFFF⟩'],
  ])('%s is written out', (_what, text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(shownText(text, digest)).toContain(shown);
  });

  test('a value cannot write a note of ours', () => {
    expect(visibleText('⟨9 characters left out, digest 00⟩')).toBe(
      '⟨U+27E8⟩9 characters left out, digest 00⟨U+27E9⟩',
    );
  });

  test.each(['two\nlines\tand a tab', 'crlf\r\nhere', 'Grüße, 日本語, العربية', '❤️ 👩‍💻 🏳️‍🌈'])(
    'ordinary text stays as it is: %s',
    (text) => {
      expect(shownText(text, digest)).toBe(text);
    },
  );
});

describe('what passes for something else', () => {
  test.each([
    ['https://pаypal.com/login', 'several alphabets'],
    ['аррӏе.com', 'several alphabets'],
    ['Ηello', 'several alphabets'],
    ['to: ada@exаmple.org', 'several alphabets'],
    ['https://xn--80ak6aa92e.com', 'Punycode'],
    ['mail ada@xn--e1afmkfd.org', 'Punycode'],
    ['http://gıthub.com', 'beyond A to Z'],
    ['example。com/x', 'beyond A to Z'],
    ['p\u0323aypal.com', 'beyond A to Z'],
    ['ｐａｙｐａｌ', 'look like letters'],
    ['𝐩𝐚𝐲𝐩𝐚𝐥', 'look like letters'],
  ])('%s is flagged', (text, note) => {
    expect(lookalikesIn(text).join('; ')).toContain(note);
    expect(shownText(text, digest)).toMatch(/ ⟨[^⟩]+⟩$/u);
  });

  test.each([
    'https://example.com/a?b=c',
    'пример из Москвы',
    'αβγ and abc',
    '12.50 EUR',
    'v1.2.3',
  ])('%s is not flagged', (text) => {
    expect(lookalikesIn(text)).toEqual([]);
  });

  test('a long word of one alphabet costs no more than its length', () => {
    const started = performance.now();
    lookalikesIn('a'.repeat(300_000));
    lookalikesIn('a.'.repeat(150_000));
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('what is long', () => {
  test('a long text shows its beginning, its end, how much is between, and its digest', () => {
    const text = `BEGIN${'x'.repeat(5_000)}END`;
    const shown = shownText(text, digest);
    expect(shown.startsWith('BEGIN')).toBe(true);
    expect(shown.endsWith('END')).toBe(true);
    expect(shown).toContain(`⟨${text.length - 480} characters left out, digest dddddddddddd`);
    expect(shown.length).toBeLessThan(600);
  });

  test('two long texts that differ in the middle only are not shown alike', () => {
    const text = (middle: string): string => `${'a'.repeat(900)}${middle}${'z'.repeat(900)}`;
    const byContent = (one: string): string => `${one.length}${one[900]}`.padStart(16, '0');
    expect(shownText(text('1'), byContent)).not.toBe(shownText(text('2'), byContent));
  });

  test('neither a sign nor a note is cut in two', () => {
    for (let shift = 0; shift < 12; shift += 1) {
      const text = `${'a'.repeat(232 + shift)}\u200B${'👩‍💻'.repeat(200)}\u200B${'z'.repeat(232 + shift)}`;
      const shown = shownText(text, digest);
      expect(shown).not.toMatch(/⟨[^⟩]*(?:⟨|…)/u);
      expect(visibleText(shown.replaceAll(/⟨[^⟩]*⟩/gu, ''))).not.toContain('⟨');
    }
  });

  test('a warning about a long text is not left out with its middle', () => {
    const text = `${'a '.repeat(600)}pаypal.com${' z'.repeat(600)}`;
    expect(shownText(text, digest)).toMatch(/⟨letters of several alphabets in one word⟩/u);
  });

  test('a long list and a long map say how many members they leave out', () => {
    const list = Array.from({ length: 1_000 }, (_, at) => at);
    const shown = shownValue(list, digest) as Value[];
    expect(shown).toHaveLength(51);
    expect(shown[25]).toMatch(/^⟨950 members left out, digest /u);
    expect(shown.at(-1)).toBe(999);
    const map = emptyMap();
    for (const at of list) map[`k${at}`] = at;
    const rows = shownValue(map, digest) as Record<string, Value>;
    expect(Object.keys(rows)).toHaveLength(51);
    expect(rows['…']).toMatch(/^⟨950 members left out/u);
  });

  test('what is nested without an end is shown to a depth', () => {
    let value: Value = 'inner';
    for (let depth = 0; depth < 500; depth += 1) value = [value];
    expect(JSON.stringify(shownValue(value, digest))).toContain('more levels left out');
  });
});

describe('a value', () => {
  test('is shown with every text in it, names included, and other values as they are', () => {
    const value = emptyMap();
    value['na\u200Bme'] = ['a\u202Eb', 12.5, true, null];
    expect(shownValue(value, digest)).toEqual({
      'na⟨U+200B⟩me': ['a⟨U+202E⟩b', 12.5, true, null],
    });
  });

  test('a name that a prototype would have is a name', () => {
    const value = emptyMap();
    value['__proto__'] = 'x';
    expect(Object.entries(shownValue(value, digest) as object)).toEqual([['__proto__', 'x']]);
  });
});
