/** The front door of runtime/inputs: what somebody gave becomes the inputs of an execution or a form. */
export { resolveInputsAbout, subjectTemplate } from './inputs-about.ts';
export type { InputProblem, ResolvedInputs, Upload } from './resolve-inputs.ts';
