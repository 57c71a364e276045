/** The front door of the script tasks, for other types that work with files in a folder or run programs. */
export { parseJson } from './parse-json.ts';
export { type ScriptLanguage, type ScriptSetting, textsOf } from './run-script.ts';
export {
  inputFilesSchema,
  namespaceFilesSchema,
  type ScriptOutputs,
  type ScriptProperties,
} from './script-properties.ts';
export {
  type InputFiles,
  isStorageUri,
  type NamespaceFilesChoice,
  pathInFolder,
  placeInputFiles,
  type WorkingPlaces,
  withWorkingPlaces,
} from './working-files.ts';
