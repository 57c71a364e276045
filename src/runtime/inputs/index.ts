/** The front door of runtime/inputs: what somebody gave becomes the inputs of an execution or a form. */
export {
  type InputParts,
  type InputProblem,
  type ResolvedInputs,
  resolveInputs,
  type Upload,
} from './resolve-inputs.ts';
