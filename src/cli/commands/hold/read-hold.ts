/** What a call about a hold names. */
import type { Application } from '../../../app/application.ts';
import type { Call } from '../../command.ts';
import { usageFailure } from '../../parse-arguments.ts';

type HoldTarget = Parameters<Application['holds']['set']>[0];

/** Returns what the hold is on, and why. */
export function readHold(call: Call): { readonly target: HoldTarget; readonly reason: string } {
  const reason = call.text('reason') ?? '';
  if (reason === '') throw usageFailure('option `--reason TEXT` is missing', 'say why');
  const [kind, id = ''] = call.args;
  return { target: { kind: kind as HoldTarget['kind'], id }, reason };
}
