/** Who acts on the command line, and over which days. */
import type { Call, Surroundings } from '../../command.ts';
import { readCount } from '../../read-names.ts';

const daysDefault = 30;
const dayMs = 86_400_000;

/** Returns whom `--as` names. */
export function actingAs(call: Call): { readonly as?: string } {
  const as = call.text('as');
  return as === undefined ? {} : { as };
}

/** Returns the days back from now that `--days` says. */
export function lastDays(
  call: Call,
  surroundings: Surroundings,
): { readonly from: number; readonly to: number } {
  const to = surroundings.now();
  return { from: to - (readCount(call, 'days') ?? daysDefault) * dayMs, to };
}
