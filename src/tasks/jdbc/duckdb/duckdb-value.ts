/**
 * Values of the engine as values of the language, and back: whole numbers stay whole whatever their
 * size, decimals stay decimals, dates become dates, lists and structs become lists and maps.
 */
import type * as Engine from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { Failure } from '../../../core/failure/index.ts';
import {
  Double,
  double,
  emptyMap,
  isList,
  type Value,
  type ValueMap,
} from '../../../core/value/index.ts';
import { parseJson } from '../../scripts/index.ts';

/** The engine's module, loaded when the first query runs. */
export type EngineModule = typeof Engine;

/** Turns a value of the engine into one of the language. */
export type ReadValue = (value: DuckDBValue, type: DuckDBType) => Value;

function whole(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Returns the shortest decimal that is the 32-bit float `value`: 0.1, not 0.10000000149011612. */
function shortFloat(value: number): number {
  for (let digits = 6; digits < 10; digits += 1) {
    const near = Number(value.toPrecision(digits));
    if (Math.fround(near) === value) return near;
  }
  return value;
}

function localTime(nanoseconds: bigint): Temporal.PlainDateTime {
  const instant = new Temporal.Instant(nanoseconds);
  return instant.toZonedDateTimeISO('UTC').toPlainDateTime();
}

function timeOfDay(nanoseconds: bigint): Temporal.PlainTime {
  return localTime(nanoseconds).toPlainTime();
}

/** Returns what `make` gives, or the engine's own text where the language has no such value (`infinity`). */
function orText(make: () => Value, value: DuckDBValue): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return String(value);
    throw error;
  }
}

/** Returns a reader of the engine's values; times without a zone are times of `zone`. */
export function valueReader(engine: EngineModule, zone: string): ReadValue {
  const zoned = (value: DuckDBValue, nanoseconds: bigint) =>
    orText(() => localTime(nanoseconds).toZonedDateTime(zone), value);
  const read: ReadValue = (value, type) => {
    if (value === null) return null;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return whole(value);
    if (typeof value === 'number') {
      if (type.typeId === engine.DuckDBTypeId.FLOAT) return double(shortFloat(value));
      return type.typeId === engine.DuckDBTypeId.DOUBLE ? double(value) : value;
    }
    if (typeof value === 'string') return type.alias === 'JSON' ? parseJson(value) : value;
    if (value instanceof engine.DuckDBDecimalValue) {
      return value.scale === 0 ? whole(value.value) : double(Number(value.toString()));
    }
    if (value instanceof engine.DuckDBBlobValue) {
      return Buffer.from(value.bytes).toString('base64');
    }
    return readTime(value) ?? readParts(value, type) ?? String(value);
  };
  const readTime = (value: DuckDBValue): Value | undefined => {
    if (value instanceof engine.DuckDBTimestampValue) return zoned(value, value.micros * 1000n);
    if (value instanceof engine.DuckDBTimestampSecondsValue) {
      return zoned(value, value.seconds * 1_000_000_000n);
    }
    if (value instanceof engine.DuckDBTimestampMillisecondsValue) {
      return zoned(value, value.millis * 1_000_000n);
    }
    if (value instanceof engine.DuckDBTimestampNanosecondsValue) return zoned(value, value.nanos);
    if (value instanceof engine.DuckDBTimestampTZValue) {
      const { micros } = value;
      return orText(() => new Temporal.Instant(micros * 1000n).toZonedDateTimeISO('UTC'), value);
    }
    if (value instanceof engine.DuckDBDateValue) {
      const { days } = value;
      return orText(() => Temporal.PlainDate.from('1970-01-01').add({ days }), value);
    }
    if (value instanceof engine.DuckDBTimeValue) return timeOfDay(value.micros * 1000n);
    if (value instanceof engine.DuckDBTimeNSValue) return timeOfDay(value.nanos);
    if (value instanceof engine.DuckDBIntervalValue) return orText(() => durationOf(value), value);
    return undefined;
  };
  const readParts = (value: DuckDBValue, type: DuckDBType): Value | undefined => {
    if (value instanceof engine.DuckDBListValue && type.typeId === engine.DuckDBTypeId.LIST) {
      return value.items.map((one) => read(one, type.valueType));
    }
    if (value instanceof engine.DuckDBArrayValue && type.typeId === engine.DuckDBTypeId.ARRAY) {
      return value.items.map((one) => read(one, type.valueType));
    }
    if (value instanceof engine.DuckDBStructValue && type.typeId === engine.DuckDBTypeId.STRUCT) {
      const map = emptyMap();
      for (const [index, name] of type.entryNames.entries()) {
        map[name] = read(value.entries[name] ?? null, type.entryTypes[index] ?? engine.ANY);
      }
      return map;
    }
    if (value instanceof engine.DuckDBMapValue && type.typeId === engine.DuckDBTypeId.MAP) {
      const map = emptyMap();
      for (const entry of value.entries) map[String(entry.key)] = read(entry.value, type.valueType);
      return map;
    }
    if (value instanceof engine.DuckDBUnionValue && type.typeId === engine.DuckDBTypeId.UNION) {
      return read(value.value, type.memberTypeForTag(value.tag));
    }
    if (value instanceof engine.DuckDBVariantValue) {
      return read(value.value, value.type ?? engine.ANY);
    }
    return undefined;
  };
  return read;
}

function durationOf(value: Engine.DuckDBIntervalValue): Temporal.Duration {
  const { months, days, micros } = value;
  const time = Temporal.Duration.from({ microseconds: Number(micros) }).round({
    largestUnit: 'hours',
  });
  return Temporal.Duration.from({
    years: Math.trunc(months / 12),
    months: months % 12,
    days,
    hours: time.hours,
    minutes: time.minutes,
    seconds: time.seconds,
    milliseconds: time.milliseconds,
    microseconds: time.microseconds,
  });
}

/** A value with the type it is bound as. */
export interface BoundValue {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

function boundNumber(engine: EngineModule, value: number | bigint): BoundValue {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return { value, type: engine.DOUBLE };
    if (Math.abs(value) < 2 ** 31) return { value, type: engine.INTEGER };
  }
  const large = BigInt(value);
  const fits = BigInt.asIntN(64, large) === large;
  return { value: large, type: fits ? engine.BIGINT : engine.HUGEINT };
}

function boundTime(engine: EngineModule, value: Value): BoundValue | undefined {
  const micros = (instant: Temporal.Instant) => instant.epochNanoseconds / 1000n;
  if (value instanceof Temporal.Instant || value instanceof Temporal.ZonedDateTime) {
    const instant = value instanceof Temporal.Instant ? value : value.toInstant();
    const type = engine.TIMESTAMPTZ;
    return { value: new engine.DuckDBTimestampTZValue(micros(instant)), type };
  }
  if (value instanceof Temporal.PlainDateTime) {
    const instant = value.toZonedDateTime('UTC').toInstant();
    return { value: new engine.DuckDBTimestampValue(micros(instant)), type: engine.TIMESTAMP };
  }
  if (value instanceof Temporal.PlainDate) {
    const { year, month, day } = value;
    const date = engine.DuckDBDateValue.fromParts({ year, month, day });
    return { value: date, type: engine.DATE };
  }
  if (value instanceof Temporal.PlainTime) {
    const hour = value.since('00:00').total('microseconds');
    return { value: new engine.DuckDBTimeValue(BigInt(hour)), type: engine.TIME };
  }
  if (value instanceof Temporal.Duration) {
    const { years, months, weeks, days } = value;
    const time = value.with({ years: 0, months: 0, weeks: 0, days: 0 });
    const interval = new engine.DuckDBIntervalValue(
      years * 12 + months,
      weeks * 7 + days,
      BigInt(Math.round(time.total('microseconds'))),
    );
    return { value: interval, type: engine.INTERVAL };
  }
  return undefined;
}

/** Returns `value` as the engine takes it. */
export function boundValue(engine: EngineModule, value: Value): BoundValue {
  if (value === null) return { value: null, type: engine.SQLNULL };
  if (typeof value === 'boolean') return { value, type: engine.BOOLEAN };
  if (typeof value === 'string') return { value, type: engine.VARCHAR };
  if (typeof value === 'number' || typeof value === 'bigint') return boundNumber(engine, value);
  if (value instanceof Double) return { value: value.value, type: engine.DOUBLE };
  const time = boundTime(engine, value);
  if (time !== undefined) return time;
  if (isList(value)) return boundList(engine, value);
  return boundStruct(engine, value as ValueMap);
}

/** Returns the type that all of `types` fit into, if there is one. */
function commonType(engine: EngineModule, types: readonly DuckDBType[]): DuckDBType | undefined {
  const known = types.filter((type) => type.typeId !== engine.DuckDBTypeId.SQLNULL);
  const first = known[0] ?? engine.VARCHAR;
  if (known.every((type) => type.toString() === first.toString())) return first;
  const numbers: readonly DuckDBType[] = [
    engine.INTEGER,
    engine.BIGINT,
    engine.HUGEINT,
    engine.DOUBLE,
  ];
  const ranks = known.map((type) => numbers.findIndex((one) => one.typeId === type.typeId));
  return ranks.includes(-1) ? undefined : numbers[Math.max(...ranks)];
}

function boundList(engine: EngineModule, list: readonly Value[]): BoundValue {
  const items = list.map((one) => boundValue(engine, one));
  const type = commonType(
    engine,
    items.map((one) => one.type),
  );
  if (type === undefined) {
    throw new Failure('task.input-invalid', 'a list parameter mixes kinds of values', {
      help: 'give all its elements one type, for example text',
    });
  }
  const isWide = type.typeId === engine.DuckDBTypeId.BIGINT;
  const values = items.map(({ value }) => {
    if (type.typeId === engine.DuckDBTypeId.DOUBLE && value !== null) return Number(value);
    return (isWide || type.typeId === engine.DuckDBTypeId.HUGEINT) && typeof value === 'number'
      ? BigInt(value)
      : value;
  });
  return { value: engine.listValue(values), type: engine.LIST(type) };
}

function boundStruct(engine: EngineModule, map: ValueMap): BoundValue {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, entry] of Object.entries(map)) {
    const bound = boundValue(engine, entry);
    values[name] = bound.value;
    types[name] = bound.type;
  }
  return { value: engine.structValue(values), type: engine.STRUCT(types) };
}
