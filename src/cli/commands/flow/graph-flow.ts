/** `sluice flow graph`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { dotText, graphOf, mermaidText, treeText } from '../../output/flow-graph.ts';
import { json } from '../../output/json.ts';
import { readFlow } from '../../read-flow.ts';

/** Draws the tasks of a flow. */
export const graphFlow: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const flow = await readFlow(call, surroundings);
  const title = `${flow.namespace}/${flow.id}`;
  const format = call.text('format');
  if (call.text('output') === 'json') out.write(json(graphOf(flow)));
  else if (format === 'dot') out.write(dotText(graphOf(flow), title));
  else if (format === 'mermaid') out.write(mermaidText(graphOf(flow), title));
  else out.write(treeText(flow));
  return exitCodes.success;
};
