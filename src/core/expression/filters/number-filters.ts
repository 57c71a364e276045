/** Filters over numbers. */
import { Double, double, integer } from '../../value/index.ts';
import { formatDecimal } from '../formats/format-decimal.ts';
import { wrongArgument, wrongType } from '../stop.ts';
import { isNumeric, isWhole, type Numeric, parseNumber, toNumber } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';
import { type Filter, filter, optionalText } from './filter.ts';

function absolute(value: Numeric): Numeric {
  if (typeof value === 'bigint') return integer(value < 0n ? -value : value);
  return value instanceof Double ? new Double(Math.abs(value.value)) : Math.abs(value);
}

function wholeNumber(text: string, bits: number, type: string): Numeric {
  const parsed = parseNumber(text);
  if (
    parsed === undefined ||
    !isWhole(parsed) ||
    BigInt.asIntN(bits, BigInt(parsed)) !== BigInt(parsed)
  ) {
    throw wrongArgument(`the text is no number of the type ${type}`);
  }
  return parsed;
}

function decimalNumber(text: string, type: string): Numeric {
  const parsed = parseNumber(text);
  if (parsed === undefined) throw wrongArgument(`the text is no number of the type ${type}`);
  return double(toNumber(parsed));
}

const conversions: Readonly<Record<string, (text: string) => Numeric>> = {
  INT: (text) => wholeNumber(text, 32, 'INT'),
  LONG: (text) => wholeNumber(text, 64, 'LONG'),
  BIGINTEGER: (text) => wholeNumber(text, 4096, 'BIGINTEGER'),
  FLOAT: (text) => decimalNumber(text, 'FLOAT'),
  DOUBLE: (text) => decimalNumber(text, 'DOUBLE'),
  BIGDECIMAL: (text) => {
    const parsed = parseNumber(text);
    if (parsed === undefined) throw wrongArgument('the text is no number of the type BIGDECIMAL');
    return parsed;
  },
};

function numberOf(text: string, type: string | null): Numeric {
  if (type !== null) {
    const convert = Object.hasOwn(conversions, type) ? conversions[type] : undefined;
    if (convert !== undefined) return convert(text);
    throw wrongArgument(`\`type\` has to be one of ${Object.keys(conversions).join(', ')}`);
  }
  const parsed = parseNumber(text);
  if (parsed === undefined) throw wrongType('the text is no number', 'check it before with a test');
  return parsed;
}

/** The filters over numbers, by name. */
export const numberFilters: readonly (readonly [string, Filter])[] = [
  [
    'abs',
    filter([], 0, (input) => {
      if (input === null) return null;
      if (isNumeric(input)) return absolute(input);
      throw wrongType(`\`abs\` needs a number and was given ${kindOf(input)}`);
    }),
  ],
  [
    'number',
    filter(['type'], 0, (input, [type]) => {
      if (input === null) return null;
      if (typeof input !== 'string') {
        throw wrongType(`\`number\` needs text and was given ${kindOf(input)}`);
      }
      return numberOf(input, optionalText(type, 'type', null));
    }),
  ],
  [
    'numberFormat',
    filter(['format'], 0, (input, [format]) => {
      if (input === null) return null;
      if (!isNumeric(input)) {
        throw wrongType(`\`numberFormat\` needs a number and was given ${kindOf(input)}`);
      }
      return formatDecimal(input, optionalText(format, 'format', '#,##0.###'));
    }),
  ],
];
