/** What a call about a kill switch names. */
import { switchKinds, type SwitchTarget } from '../../../core/governance/index.ts';
import type { Call } from '../../command.ts';
import { usageFailure } from '../../parse-arguments.ts';

/** Returns what is stopped, and why. */
export function readSwitch(call: Call): {
  readonly target: SwitchTarget;
  readonly reason: string;
} {
  const reason = call.text('reason') ?? '';
  if (reason === '') throw usageFailure('option `--reason TEXT` is missing', 'say why');
  const [given, id = ''] = call.args;
  const kind = switchKinds.find((one) => one === given);
  if (kind === undefined) throw usageFailure('a kind is missing', switchKinds.join(', '));
  return { target: { kind, id }, reason };
}
