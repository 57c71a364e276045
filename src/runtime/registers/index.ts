/** The front door of runtime/registers: looking up, deciding and writing records of registers as one. */
export {
  type Decide,
  type RegisterDesk,
  registerDesk,
  type RegisterParts,
  type RegisterWork,
  type WorkEntry,
} from './register-work.ts';
