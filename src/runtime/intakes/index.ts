/** The front door of runtime/intakes: ideas, before they are flows. */
export {
  findIntake,
  type IntakeOrder,
  listIntakes,
  type QueuedIntake,
  submitIntake,
} from './intakes.ts';
