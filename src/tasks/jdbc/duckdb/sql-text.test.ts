/** Tests of how SQL text is read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPieces, readStatements, stringOfText, textOfString } from './sql-text.ts';

const parametersOf = (sql: string) =>
  readPieces(sql)
    .filter((piece) => piece.kind === 'parameter')
    .map((piece) => piece.text);

const filesOf = (sql: string) =>
  readStatements(sql).flatMap((statement) =>
    statement.pieces
      .filter((piece) => piece.role !== 'value')
      .map((piece) => `${piece.role.slice(5)} ${piece.text}`),
  );

test('the pieces of any text are that text', () => {
  const bits = fc.constantFrom(
    "'",
    '"',
    '$$',
    '$a$',
    ':a',
    '::',
    '--',
    '\n',
    '/*',
    '*/',
    "e'",
    '\\',
    'x',
    ' ',
    ';',
    '(',
    ']',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(bits, fc.string())), (parts) => {
      const sql = parts.join('');
      expect(
        readPieces(sql)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(sql);
    }),
  );
});

test('any text survives as a string', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const literal = stringOfText(text);
      expect(readPieces(literal)).toEqual([{ kind: 'string', text: literal }]);
      expect(textOfString(literal)).toBe(text);
    }),
  );
});

test('a long string is read without trouble', () => {
  const literal = stringOfText("it's ".repeat(400_000));
  expect(readPieces(`SELECT ${literal}`)).toHaveLength(3);
});

test.each([
  ["e'a\\'b'", "a'b"],
  ["E'line\\nbreak'", 'line\nbreak'],
  ['$$plain$$', 'plain'],
  ['$tag$a $$ b$tag$', 'a $$ b'],
])('the string %s is read as it is meant', (literal, text) => {
  expect(readPieces(literal)).toEqual([{ kind: 'string', text: literal }]);
  expect(textOfString(literal)).toBe(text);
});

describe('a colon with a name', () => {
  test.each([
    ['WHERE a = :min AND b<:max', [':min', ':max']],
    ['LIMIT :most', [':most']],
    ['IN (:a,:b)', [':a', ':b']],
    ["{'a': :value}", [':value']],
    ['x::int + y :: text', []],
    ['SELECT \':min\', ":min", $$:min$$ -- :min\n/* :min /* :a */ :b */', []],
    ['{\'a\':b, "c":d}', []],
    ['list[i:n]', []],
    ['f(x)[1:n]', []],
    ['SELECT total:sum(x)', []],
    ['f(a := :b)', [':b']],
    ['SELECT $min + $1', ['$min']],
  ])('in %s gives %j', (sql, found) => {
    expect(parametersOf(sql)).toEqual(found);
  });
});

describe('the files of', () => {
  test.each([
    ["SELECT * FROM 'a.csv' JOIN 'b.csv' USING (x)", ["read 'a.csv'", "read 'b.csv'"]],
    ["SELECT * FROM read_parquet('a.parquet') WHERE name = 'b.parquet'", ["read 'a.parquet'"]],
    [
      "FROM read_csv(['a.csv', 'b.csv'], delim = ';', names=['x','y'])",
      ["read 'a.csv'", "read 'b.csv'"],
    ],
    ['FROM read_csv(:path, header = :header)', ['read :path']],
    ["COPY t TO 'out.csv' (DELIMITER ';')", ["written 'out.csv'"]],
    ["COPY (SELECT * FROM 'in.csv') TO 'out.csv'", ["read 'in.csv'", "written 'out.csv'"]],
    ["COPY t FROM 'in.csv'", ["read 'in.csv'"]],
    ["SET x TO 'value.csv'", []],
    ["ATTACH 'shop.db' AS shop", ["written 'shop.db'"]],
    ["ATTACH IF NOT EXISTS 'shop.db' (READ_ONLY)", ["read 'shop.db'"]],
    ["EXPORT DATABASE 'folder/all' (FORMAT parquet)", ["written 'folder/all'"]],
    ["EXPORT DATABASE shop TO 'folder/all'", ["written 'folder/all'"]],
    ["IMPORT DATABASE 'folder/all'", ["read 'folder/all'"]],
    ["SELECT extract(year FROM '2024-01-01.5')", []],
    ["SELECT a IS DISTINCT FROM 'x.y'", []],
    ["SELECT * FROM 'orders'", []],
    ["INSERT INTO t VALUES ('kestra:///a/b.csv')", []],
    ["SUMMARIZE 'a.parquet'", ["read 'a.parquet'"]],
    ["SELECT * FROM glob('*.csv')", ["read '*.csv'"]],
    ["SELECT replace('a.csv', 'a', 'b')", []],
  ])('%s are %j', (sql, found) => {
    expect(filesOf(sql)).toEqual(found);
  });
});

test('statements end at a semicolon that is one, and empty ones are left out', () => {
  const found = readStatements('SELECT \';\'; ;; -- a;b\n/* ; */ SELECT ";";\n-- the end');
  expect(found.map(({ words }) => words)).toEqual([['SELECT'], ['SELECT']]);
});
