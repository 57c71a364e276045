/** The fixed shapes of a dashboard: what the reader checks it against. */
import type { Shape } from '../reading.ts';
import type { PropertySchema } from '../type-catalogue.ts';
import { aggregations, comparisons } from './dashboard.ts';

function shape(
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
): Shape {
  return { type: 'object', properties, required, additionalProperties: false };
}

const text: PropertySchema = { type: 'string' };
const map: PropertySchema = { type: 'object' };
const list: PropertySchema = { type: 'array' };
const duration: PropertySchema = { type: 'string', format: 'duration' };

/** The document itself. */
export const dashboardShape = shape(
  { id: text, title: text, description: text, timeWindow: map, charts: list },
  ['id', 'title', 'charts'],
);

/** How long a time is shown. */
export const windowShape = shape({ default: duration, max: duration });

/** A chart. */
export const chartShape = shape(
  { id: text, type: text, chartOptions: map, data: map, content: text },
  ['id', 'type'],
);

/** What a chart reads. */
export const queryShape = shape(
  { type: text, columns: map, where: list, numerator: list, orderBy: {} },
  ['type', 'columns'],
);

/** A column. */
export const columnShape = shape({
  field: text,
  agg: { enum: aggregations },
  labelKey: text,
  displayName: text,
  graphStyle: { enum: ['BARS', 'LINES', 'POINTS'] },
  columnAlignment: { enum: ['LEFT', 'CENTER', 'RIGHT'] },
});

/** Which rows are meant. */
export const filterShape = shape(
  { field: text, type: { enum: comparisons }, labelKey: text, value: {}, values: list },
  ['field', 'type'],
);

/** In which order. */
export const orderShape = shape({ column: text, order: { enum: ['ASC', 'DESC'] } }, ['column']);
