/** The front door of api/contract: the shapes that leave the system. */
export type {
  AttemptDocument,
  ExecutionDocument,
  StateDocument,
  TaskRunDocument,
} from './execution-document.ts';
