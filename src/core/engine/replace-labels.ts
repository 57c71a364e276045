/** Labels of an execution as a set by key: what is added later replaces what stands under the same key. */
import type { Label } from '../flow/index.ts';

/** Returns `labels` with those of `more` added; an equal key is replaced. */
export function replaceLabels(labels: readonly Label[], more: readonly Label[]): Label[] {
  const keys = new Set(more.map((label) => label.key));
  return [...labels.filter((label) => !keys.has(label.key)), ...more];
}
