/** The front door of runtime/rendering: templates of a running execution, and the functions they call. */
export {
  chanceFunctions,
  type FunctionParts,
  type FunctionTarget,
  hostFunctions,
  yamlFunction,
} from './host-functions.ts';
export {
  contextFor,
  noteOf,
  provenanceOfScope,
  render,
  type RenderParts,
  type RenderResult,
  type RenderTarget,
  renderThen,
} from './render-session.ts';
export {
  erasedText,
  erasedValue,
  hideIn,
  hideSealed,
  mapParts,
  seal,
  sealedType,
  holdsCredential,
  isSealed,
  stars,
  sealSecrets,
  unseal,
} from './sealed-values.ts';
