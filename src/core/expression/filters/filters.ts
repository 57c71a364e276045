/** All filters by name, and those that similar languages have and this one has not. */
import { readJson } from '../formats/read-json.ts';
import { writeIon } from '../formats/write-ion.ts';
import { writeYaml } from '../formats/write-yaml.ts';
import { runJq } from '../jq/jq-run.ts';
import { wrongType } from '../stop.ts';
import { jsonText } from '../values/value-text.ts';
import { isEmpty } from '../values/truth.ts';
import { callHostWith } from '../evaluation/call-host.ts';
import { dateFilters } from './date-filters.ts';
import { type Filter, filter, textArgument } from './filter.ts';
import { listFilters } from './list-filters.ts';
import { numberFilters } from './number-filters.ts';
import { textFilters } from './text-filters.ts';

const toJson = filter([], 0, (input) => jsonText(input, true));

const otherFilters: readonly (readonly [string, Filter])[] = [
  // The compiler treats `default` itself, since its input may be absent; this form serves filter tags.
  [
    'default',
    filter(
      ['default'],
      1,
      (input, [other = null]) => (isEmpty(input) ? other : input),
      (marks) => marks,
    ),
  ],
  ['toJson', toJson],
  ['json', toJson],
  [
    'jq',
    filter(['expression'], 1, (input, [expression], frame) => {
      if (input === null) return null;
      const value = typeof input === 'string' ? readJson(input) : input;
      return runJq(textArgument(expression, 'expression'), value, () => frame.tick());
    }),
  ],
  ['toIon', filter([], 0, (input) => writeIon(input))],
  ['yaml', filter([], 0, (input) => writeYaml(input))],
  [
    'fileRead',
    filter([], 0, (input, _, frame) => {
      if (input === null) throw wrongType('`fileRead` needs the path or URI of a file');
      return callHostWith(frame, 'read', input);
    }),
  ],
];

/** All filters by name. */
export const filters: ReadonlyMap<string, Filter> = new Map([
  ...textFilters,
  ...listFilters,
  ...numberFilters,
  ...dateFilters,
  ...otherFilters,
]);

/** Filters that are left out on purpose, with what to use instead. */
export const removedFilters: ReadonlyMap<string, string> = new Map([
  ['escape', 'nothing is escaped; use `escapeChar` for quotes or `urlencode` for URLs'],
  ['raw', 'nothing is escaped, so `raw` is not needed; remove it'],
  ['numberformat', 'it is called `numberFormat`'],
]);
