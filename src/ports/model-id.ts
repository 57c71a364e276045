/** How a model is called wherever it is named: by whoever asks it, in registers, by a kill switch. */
export { modelId } from '../core/governance/index.ts';
