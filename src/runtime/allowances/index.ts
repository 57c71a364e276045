/** The front door of runtime/allowances: models and vendors that a tenant allows. */
export {
  decideAllowance,
  findAllowance,
  listAllowances,
  notProposed,
  proposeAllowance,
} from './allowances.ts';
