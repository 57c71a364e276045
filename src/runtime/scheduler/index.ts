/** The front door of runtime/scheduler: what starts executions without a person. */
export {
  changeTrigger,
  type TriggerName,
  type TriggerOrder,
} from './change-trigger.ts';
export { fireTrigger, type Firing } from './fire-trigger.ts';
export { type Scheduler, startScheduler } from './scheduler.ts';
export {
  readTrigger,
  type TriggerPlace,
  type TriggerState,
} from './trigger-records.ts';
