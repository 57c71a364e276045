/** The front door of api/contract: the shapes that leave the system. */
export type { ExecutionDocument, StateDocument, TaskRunDocument } from './execution-document.ts';
