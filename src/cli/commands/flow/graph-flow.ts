/** `sluice flow graph`. */
import { type GraphFormat, graphOf, renderGraph } from '../../../core/flow/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { oneLine } from '../../output/terminal-text.ts';
import { readFlow } from '../../read-flow.ts';

/** Draws the tasks of a flow. */
export const graphFlow: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const graph = graphOf(await readFlow(call, surroundings));
  const format = (call.text('format') ?? 'text') as GraphFormat;
  const text = call.text('output') === 'json' ? json(graph) : renderGraph(graph, format);
  // Labels come from the file, which may be anybody's.
  out.write(out.isTerminal ? text.split('\n').map(oneLine).join('\n') : text);
  return exitCodes.success;
};
