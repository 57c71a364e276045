/** The front door of runtime/exceptions: granting, using and closing exceptions. */
export {
  closeEndedExceptions,
  type ExceptionOrder,
  exemptionFor,
  grantException,
  listExceptions,
  useException,
  withdrawException,
} from './exceptions.ts';
