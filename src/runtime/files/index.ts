/** The front door of runtime/files: files of executions and of namespaces in internal storage. */
export {
  createExecutionFiles,
  deleteExecutionFiles,
  type ExecutionFileParts,
} from './execution-files.ts';
export { createNamespaceFiles, type NamespaceFileParts } from './namespace-files.ts';
export {
  type ExecutionPlace,
  executionFolder,
  formatUri,
  inputFolder,
  parseUri,
  taskRunFolder,
} from './storage-uri.ts';
export type { FileParts } from './stored-files.ts';
export { createTaskCache, type TaskCache } from './task-cache.ts';
