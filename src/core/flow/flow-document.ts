/** A stored flow as programs outside read it: its YAML as plain JSON, spelled as its author spelled it. */
import { toPlain } from '../value/index.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { readYaml } from './read-yaml.ts';
import { toValue } from './yaml-tree.ts';

/** Returns the properties of a flow's source; undefined when it is no map of YAML. */
export function flowDocument(source: string): Record<string, unknown> | undefined {
  const root = readYaml(source, new DiagnosticList('flow', source));
  return root === undefined ? undefined : (toPlain(toValue(root)) as Record<string, unknown>);
}
