/**
 * The functions that templates may call: those of the expression language and those that need the world,
 * performed by whoever runs a flow. A flow that calls one that nobody performs is refused.
 */
import { languageNames } from '../expression/index.ts';

/** Names of the functions that need the world. */
const worldFunctionNames: readonly string[] = [
  'appLink',
  'credential',
  'decrypt',
  'encrypt',
  'env',
  'errorLogs',
  'fileEmpty',
  'fileExists',
  'fileSize',
  'fileURI',
  'http',
  'id',
  'isFileEmpty',
  'ksuid',
  'kv',
  'nanoId',
  'parent',
  'randomInt',
  'randomPort',
  'read',
  'secret',
  'tasksWithState',
  'uuid',
];

/** Names of all functions of the language. */
export const functionNames: ReadonlySet<string> = new Set([
  ...languageNames.functions.keys(),
  ...worldFunctionNames,
]);
