/** `sluice flow show`. */
import {
  type Flow,
  graphOf,
  type InputDefinition,
  type OutputDefinition,
  renderGraph,
} from '../../../core/flow/index.ts';
import { toPlain } from '../../../core/value/index.ts';
import type { Perform } from '../../command.ts';
import { type Paint, paintFor } from '../../output/colour.ts';
import { plainText } from '../../output/execution-text.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { pairs, table } from '../../output/table.ts';
import { harmless } from '../../output/terminal-text.ts';
import { readFlowText } from '../../read-flow.ts';
import { findFlow, readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

interface Look {
  readonly paint: Paint;
  readonly room: number;
}

function inputsText(inputs: readonly InputDefinition[], look: Look): string {
  if (inputs.length === 0) return '';
  const rows = table(
    inputs,
    [
      { title: 'INPUT', text: ({ id, isRequired }) => id + (isRequired ? ' *' : '') },
      { title: 'TYPE', text: ({ type }) => type },
      {
        title: 'DEFAULT',
        text: ({ defaults }) => (defaults === undefined ? '' : plainText(toPlain(defaults))),
        isFlexible: true,
      },
      {
        title: 'MEANING',
        text: ({ description, displayName }) => description ?? displayName ?? '',
        isFlexible: true,
      },
    ],
    look,
  );
  return `\n${rows}`;
}

function outputsText(outputs: readonly OutputDefinition[], look: Look): string {
  if (outputs.length === 0) return '';
  const rows = table(
    outputs,
    [
      { title: 'OUTPUT', text: ({ id }) => id },
      { title: 'TYPE', text: ({ type }) => type },
      { title: 'VALUE', text: ({ value }) => plainText(toPlain(value)), isFlexible: true },
    ],
    look,
  );
  return `\n${rows}`;
}

function flowText(flow: Flow, revisions: readonly number[], revision: number, look: Look): string {
  const labels = flow.labels.map(({ key, value }) => `${key}=${value}`).join(', ');
  const { governance } = flow;
  const head: [string, string][] = [
    ['flow', `${flow.namespace}/${flow.id}`],
    ['revision', `${revision} of ${revisions.join(', ')}`],
    ['description', harmless(flow.description?.trim() ?? '')],
    ['labels', harmless(labels)],
    ['owner', harmless(governance?.owner ?? '')],
    ['purpose', harmless(governance?.purpose ?? '')],
    ['declared tier', governance?.riskTier ?? ''],
    ['declared stage', governance?.stage ?? ''],
    ['disabled', flow.isDisabled ? 'yes' : ''],
  ];
  return (
    pairs(
      head.filter(([, value]) => value !== ''),
      look.paint,
    ) +
    inputsText(flow.inputs, look) +
    `\n${harmless(renderGraph(graphOf(flow), 'text'))}` +
    outputsText(flow.outputs, look)
  );
}

/** Shows a flow. */
export const showFlow: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const wanted = readCount(call, 'revision');
  const { record, revisions } = await withApplication(call, surroundings, async (application) => {
    const found = await findFlow(application, call.args[0] ?? '', wanted);
    const all = await application.flowRevisions(found.namespace, found.id);
    return { record: found, revisions: all.map(({ revision }) => revision) };
  });
  const { namespace, id, revision, source, at } = record;
  if (call.text('output') === 'json') {
    const savedAt = new Date(at).toISOString();
    out.write(json({ namespace, id, revision, revisions, savedAt, source }));
  } else if (call.has('source')) {
    out.write(out.isTerminal ? harmless(source) : source);
  } else {
    const catalogue = await surroundings.loadCatalogue();
    const flow = readFlowText(source, `${namespace}/${id}`, catalogue);
    const look = { paint: paintFor(out, environment), room: out.columns };
    out.write(flowText(flow, revisions, revision, look));
  }
  return exitCodes.success;
};
