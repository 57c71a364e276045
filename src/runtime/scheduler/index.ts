/** The front door of runtime/scheduler: what starts executions without a person. */
export { fireTrigger, type Firing } from './fire-trigger.ts';
export { type Scheduler, startScheduler } from './scheduler.ts';
export {
  nameOf,
  readTrigger,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';
