/** The front door of runtime/allowances: models and vendors that a tenant allows. */
export {
  decideAllowance,
  endAllowances,
  findAllowance,
  listAllowances,
  notProposed,
  proposeAllowance,
} from './allowances.ts';
