/**
 * The exit codes of the command line. Scripts depend on them: a code keeps its meaning.
 */
import { catalogue, type Failure } from '../../core/failure/index.ts';

/** What the process says when it ends. */
export const exitCodes = {
  /** It went as asked; an execution ended SUCCESS or WARNING. */
  success: 0,
  /** An execution ended FAILED, KILLED or CANCELLED, or something outside failed. */
  failed: 1,
  /** A flow, an input or the usage is invalid; nothing was run. */
  invalid: 2,
  /** The execution rests PAUSED and waits for somebody. */
  paused: 3,
  /** A defect of Sluice itself. */
  defect: 70,
  /** Stopped by Ctrl-C before it could end. */
  interrupted: 130,
} as const;

/** What each exit code means, for help and the reference page. */
export const exitCodeMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.success, 'it went as asked; an execution ended SUCCESS or WARNING'],
  [exitCodes.failed, 'an execution ended FAILED, KILLED or CANCELLED, or something outside failed'],
  [exitCodes.invalid, 'a flow, an input or the usage is invalid'],
  [exitCodes.paused, 'the execution rests and waits for somebody: PAUSED'],
  [exitCodes.defect, 'a defect of Sluice itself'],
  [exitCodes.interrupted, 'stopped by a second Ctrl-C'],
];

/** Returns the exit code for an execution that rests in `state`. */
export function exitCodeOf(state: string): number {
  switch (state) {
    case 'SUCCESS':
    case 'WARNING':
      return exitCodes.success;
    case 'FAILED':
    case 'KILLED':
    case 'CANCELLED':
    case 'RETRIED':
      return exitCodes.failed;
    default:
      return exitCodes.paused;
  }
}

/** Returns the exit code for a failure, as the catalogue says. */
export function exitCodeOfFailure(failure: Failure): number {
  return catalogue[failure.code].exitCode;
}
