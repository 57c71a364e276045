/** The front door of runtime/kill-switch: what is stopped, and asking whether something is. */
export {
  createKillSwitches,
  type KillSwitches,
  listSwitches,
  noteEffect,
  releaseSwitch,
  setSwitch,
  stoppedFailure,
} from './kill-switches.ts';
