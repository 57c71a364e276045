/** The front door of the script tasks, for other types that work with files in a folder or run programs. */
export { parseJson } from './parse-json.ts';
export { runScript, type ScriptLanguage, type ScriptSetting, textsOf } from './run-script.ts';
export {
  inputFilesSchema,
  namespaceFilesSchema,
  type ScriptOutputs,
  type ScriptProperties,
} from './script-properties.ts';
export {
  collectOutputFiles,
  type InputFiles,
  isStorageUri,
  type NamespaceFilesChoice,
  pathInFolder,
  placeInputFiles,
  placeNamespaceFiles,
  replaceStorageUris,
  type WorkingPlaces,
  withWorkingPlaces,
} from './working-files.ts';
