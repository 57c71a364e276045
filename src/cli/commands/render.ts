/** `sluice render`: one template against names from a file, without a data folder. */
import { offlineFunctions } from '../../app/offline-functions.ts';
import {
  defaultExpressionLimits,
  evaluateSettled,
  type EvaluationContext,
  type ExpressionError,
  renderSettled,
} from '../../core/expression/index.ts';
import {
  Double,
  emptyMap,
  entryOf,
  flatten,
  isList,
  isMap,
  plainMarks,
  mapOf,
  toPlain,
  type Value,
} from '../../core/value/index.ts';
import type { Call, Perform, Surroundings } from '../command.ts';
import { paintFor } from '../output/colour.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { json } from '../output/json.ts';
import { diagnosticText } from '../output/print-diagnostics.ts';
import { harmless } from '../output/terminal-text.ts';
import { usageFailure } from '../parse-arguments.ts';
import { readJson } from '../read-json.ts';
import { readLocalText } from '../read-local-file.ts';

/** Returns the name of the type of `value`. */
export function typeOfValue(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
  if (value instanceof Double) return 'decimal';
  if (isList(value)) return 'list';
  if (isMap(value)) return 'map';
  if (value instanceof Temporal.PlainDate) return 'date';
  if (value instanceof Temporal.PlainTime) return 'time';
  if (value instanceof Temporal.Duration) return 'duration';
  return value instanceof Temporal.PlainDateTime ? 'local-datetime' : 'datetime';
}

async function readContext(call: Call, surroundings: Surroundings): Promise<EvaluationContext> {
  const file = call.text('context');
  const names =
    file === undefined
      ? emptyMap()
      : readJson(await readLocalText(file, surroundings), `\`--context ${file}\``);
  if (!isMap(names)) throw usageFailure(`\`--context ${file ?? ''}\` holds no JSON object`);
  return {
    scope: {
      value: (name) => entryOf(names, name),
      marks: () => plainMarks,
      names: () => Object.keys(names),
    },
    host: { functions: offlineFunctions() },
    limits: { ...defaultExpressionLimits, elapsedMs: () => performance.now() },
  };
}

function report(
  { code, message, help, position: { line, column } }: ExpressionError,
  template: string,
  isJson: boolean,
  { out, err, environment }: Surroundings,
): number {
  if (isJson) out.write(json({ error: { code, message, help, line, column } }));
  else {
    const place = { severity: 'error', file: 'template', path: '' } as const;
    const diagnostic = { ...place, code, message, help, line, column };
    err.write(diagnosticText(diagnostic, template, paintFor(err, environment)));
  }
  return exitCodes.failed;
}

/** Renders a template. */
export const render: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const [given = ''] = call.args;
  if (given === '-' && call.text('context') === '-') {
    throw usageFailure('template and context cannot both be standard input');
  }
  const context = await readContext(call, surroundings);
  const template = given === '-' ? await surroundings.readInput() : given;
  const isJson = call.text('output') === 'json';
  if (!isJson && !call.has('typed')) {
    const text = await renderSettled(template, context);
    if (text.outcome === 'error') return report(text.error, template, isJson, surroundings);
    out.write(`${out.isTerminal ? harmless(text.value) : text.value}\n`);
    return exitCodes.success;
  }
  const result = await evaluateSettled(template, context);
  if (result.outcome === 'error') return report(result.error, template, isJson, surroundings);
  const { value, marks } = result;
  // Inside a map, numbers of more digits than JavaScript has keep them.
  const wrapped = toPlain(mapOf({ value })) as { readonly value: unknown };
  if (isJson) {
    const { trust, classes, sources } = flatten(marks);
    const provenance = { trust, classes, sources };
    out.write(json({ ...wrapped, type: typeOfValue(value), provenance }));
  } else out.write(json(wrapped.value));
  return exitCodes.success;
};
