/** The front door of api/contract: the shapes that leave the system. */
export type {
  AttemptDocument,
  ExecutionDocument,
  QuestionDocument,
  StateDocument,
  TaskRunDocument,
} from './execution-document.ts';
