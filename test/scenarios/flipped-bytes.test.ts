/**
 * No byte of the ledger changes unseen. Every byte of every column of its tables is turned in a small
 * ledger, and some in a large one: verification is broken, or the store says that it is damaged. Then
 * the bytes of the whole file: where the verdict is still valid, everything that is verified reads as
 * before, so that the byte was none of the ledger's (an index, a projection, a free place in a page).
 *
 * `SLUICE_EVERY_BYTE=1` turns every byte of the file instead of every 149th; that takes minutes.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer, systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { Failure } from '../../src/core/failure/index.ts';
import type { Store } from '../../src/ports/store.ts';
import { makeCheckpoint, verifyStore } from '../../src/runtime/sealer/index.ts';
import { checks, logSigner } from '../support/ledger-world.ts';
import { entryOf, writeOf } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-flipped-'));
afterAll(() => rmSync(folder, { recursive: true }));
const signer = { ...logSigner, ...checks.verifier };
const partsOf = (store: Store) => ({
  store,
  hasher: systemHasher,
  signer,
  clock: { now: () => 1_700_000_000_000 },
});
const open = (path: string): Promise<Store> =>
  openSqliteStore({ path, sealer: createSystemSealer(), busyTimeoutMs: 0 });

/** Tables of the ledger. */
const tables = ['entries', 'streams', 'tiles', 'checkpoints'];

/** Columns that nothing is sealed of, and why a change of them changes nothing that was sealed. */
const unsealed: Readonly<Record<string, string>> = {
  'checkpoints.place':
    'the order in which checkpoints are read; each says for itself what it covers',
  'checkpoints.at': 'a time beside the note; the note has none, and times are claims',
};

/** Writes a ledger of `size` entries with a checkpoint over half of them and one over all. */
async function ledgerOf(name: string, size: number): Promise<string> {
  const path = join(folder, `${name}.db`);
  const store = await open(path);
  const half = Math.floor(size / 2);
  for (const [from, to] of [
    [0, half],
    [half, size],
  ] as const) {
    const writes = Array.from({ length: to - from }, (_, index) => {
      const at = 1_700_000_000_000 + from + index;
      return writeOf({ entries: [entryOf({ at, payload: `{"n":${from + index}}` })] });
    });
    await store.commit(writes);
    await makeCheckpoint(partsOf(store));
  }
  await store.close();
  return path;
}

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly isText: boolean;
  readonly value: bigint | Uint8Array;
  /** What finds the row again. */
  readonly where: string;
  readonly keys: readonly SQLInputValue[];
}

/** Returns every cell of the tables of the ledger, as the tables are defined. */
function cellsOf(driver: DatabaseSync): Cell[] {
  return tables.flatMap((table) => {
    const info = driver.prepare(`PRAGMA table_info(${table})`).all();
    const keys = info.filter(({ pk }) => pk !== 0).map(({ name }) => String(name));
    const where = keys.map((one) => `${one} = ?`).join(' AND ');
    return info.flatMap(({ name }) => {
      const column = String(name);
      const bytes = `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE ${column} END`;
      const select = driver.prepare(
        `SELECT typeof(${column}) = 'text' AS is_text, ${bytes} AS value, ${keys.map((one) => `${one} AS key_${one}`).join(', ')} FROM ${table} WHERE ${column} IS NOT NULL`,
      );
      select.setReadBigInts(true);
      return select.all().map((row) => ({
        table,
        column,
        isText: row['is_text'] === 1n,
        value: row['value'] as bigint | Uint8Array,
        where,
        keys: keys.map((one) => row[`key_${one}`] as SQLInputValue),
      }));
    });
  });
}

const bytesIn = ({ value }: Cell): number => (typeof value === 'bigint' ? 8 : value.length);

/** Returns the value of a cell with one byte changed; which bit of it depends on the place. */
function turned({ value }: Cell, place: number): SQLInputValue {
  const bit = 1 << ((place * 5) % 8);
  if (typeof value === 'bigint') {
    return BigInt.asIntN(64, value ^ (BigInt(bit) << BigInt(8 * place)));
  }
  const copy = Uint8Array.from(value);
  copy[place]! ^= bit;
  return copy;
}

/** Returns what `work` gives, or the code of the failure it throws; anything else is a defect. */
async function saidBy(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

/** Writes `value` into a cell; tells whether the table takes it. */
function write(driver: DatabaseSync, cell: Cell, value: SQLInputValue): boolean {
  const { table, column, where, keys, isText } = cell;
  const written = isText ? 'CAST(? AS TEXT)' : '?';
  try {
    driver.prepare(`UPDATE ${table} SET ${column} = ${written} WHERE ${where}`).run(value, ...keys);
    return true;
  } catch (error) {
    // Two rows with one key are in no table, whoever writes it.
    if (String(error).includes('UNIQUE constraint failed')) return false;
    throw error;
  }
}

interface Turns {
  /** How many bytes were turned. */
  readonly count: number;
  /** Columns in which a turned byte passed as valid. */
  readonly unseen: ReadonlySet<string>;
}

/** Turns the bytes that `places` names, one at a time, and verifies after each. */
async function turnBytes(
  path: string,
  places: (cells: readonly Cell[]) => Iterable<readonly [Cell, number]>,
): Promise<Turns> {
  const driver = new DatabaseSync(path);
  const store = await open(path);
  const unseen = new Set<string>();
  let count = 0;
  try {
    driver.exec('PRAGMA synchronous = OFF');
    for (const table of tables) {
      driver.exec(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM main.${table}`);
    }
    for (const [cell, place] of places(cellsOf(driver))) {
      if (!write(driver, cell, turned(cell, place))) continue;
      count += 1;
      const where = `${cell.table}.${cell.column}`;
      const said = await saidBy(async () => {
        const verdict = await verifyStore(partsOf(store));
        if (verdict.verdict === 'broken') expect(verdict.seq, where).toBeGreaterThan(0);
        return verdict.verdict;
      });
      if (said === 'valid') unseen.add(where);
      else expect(['broken', 'store.unreachable'], `${where}, byte ${place}`).toContain(said);
      if (cell.where.includes(`${cell.column} =`)) {
        driver.exec(`DELETE FROM ${cell.table}`);
        driver.exec(`INSERT INTO ${cell.table} SELECT * FROM kept_${cell.table}`);
      } else write(driver, cell, cell.value);
    }
    expect(await verifyStore(partsOf(store))).toMatchObject({ verdict: 'valid' });
  } finally {
    driver.close();
    await store.close();
  }
  return { count, unseen };
}

function* everyByte(cells: readonly Cell[]): Generator<[Cell, number]> {
  for (const cell of cells) {
    for (let place = 0; place < bytesIn(cell); place += 1) yield [cell, place];
  }
}

test('every byte of every column of a small ledger is sealed, or is named here with the reason [G-125]', async () => {
  const { count, unseen } = await turnBytes(await ledgerOf('small', 12), everyByte);
  expect([...unseen].toSorted()).toEqual(Object.keys(unsealed).toSorted());
  expect(count).toBeGreaterThan(2_000);
});

test('every byte of the tiles above the leaves is sealed', async () => {
  const { count, unseen } = await turnBytes(await ledgerOf('tiles', 600), function* (cells) {
    yield* everyByte(cells.filter(({ table }) => table === 'tiles'));
  });
  expect([...unseen]).toEqual([]);
  expect(count).toBeGreaterThanOrEqual(64);
});

test('bytes here and there in a large ledger are sealed', async () => {
  const columns = new Set<string>();
  const { unseen } = await turnBytes(await ledgerOf('large', 10_000), function* (cells) {
    const sealed = cells.filter(({ table, column }) => !(`${table}.${column}` in unsealed));
    for (let turn = 1; turn <= 24; turn += 1) {
      // The columns lie one behind the other: equal steps reach all of them, each in another row.
      const cell = sealed[Math.floor(((turn - 0.37) / 24) * sealed.length)]!;
      columns.add(`${cell.table}.${cell.column}`);
      yield [cell, (turn * 13) % bytesIn(cell)];
    }
  });
  expect([...unseen]).toEqual([]);
  expect(columns.size).toBeGreaterThan(4);
}, 20_000);

/** Returns everything that verification reads of a store, as text. */
async function verifiedPart(store: Store): Promise<string> {
  const entries = await store.sealedEntries(0, 1_000);
  const notes = (await store.checkpoints()).map(({ size, note }) => ({ size, note }));
  const tile = await store.treeTile({ level: 0, index: 0, width: entries.length });
  return JSON.stringify([entries, notes, tile]);
}

test(
  'where a byte of the file passes as valid, everything that is verified reads as before',
  async () => {
    const model = await ledgerOf('file', 5);
    const whole = readFileSync(model);
    const path = join(folder, 'turned.db');
    const look = async (): Promise<[said: string, part: string]> => {
      let part = '';
      const said = await saidBy(async () => {
        const store = await open(path);
        try {
          const { verdict } = await verifyStore(partsOf(store));
          if (verdict === 'valid') part = await verifiedPart(store);
          return verdict;
        } finally {
          await store.close();
        }
      });
      return [said, part];
    };
    copyFileSync(model, path);
    const [first, before] = await look();
    expect(first).toBe('valid');
    const everyTurn = process.env['SLUICE_EVERY_BYTE'] === '1';
    const counts = new Map<string, number>();
    for (let place = 0; place < whole.length; place += everyTurn ? 1 : 149) {
      const bytes = Buffer.from(whole);
      bytes[place]! ^= 1 << ((place * 5) % 8);
      for (const rest of ['-wal', '-shm']) rmSync(`${path}${rest}`, { force: true });
      writeFileSync(path, bytes);
      const [said, part] = await look();
      if (said === 'valid') expect(part, `byte ${place}`).toBe(before);
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    if (everyTurn) process.stdout.write(`${whole.length} bytes: ${JSON.stringify([...counts])}\n`);
    // Most of a small file is schema, indexes of projections and free places.
    expect(counts.get('valid')).toBeGreaterThan(0);
    expect(counts.get('broken')).toBeGreaterThan(0);
    expect([...counts.keys()].toSorted()).toEqual(['broken', 'store.unreachable', 'valid']);
  },
  process.env['SLUICE_EVERY_BYTE'] === '1' ? 3_600_000 : 30_000,
);
