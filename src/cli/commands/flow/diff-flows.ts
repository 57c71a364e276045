/** `sluice flow diff`: how two revisions of a flow differ to governance. */
import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import {
  assessFlow,
  type AssessmentWorld,
  compareAssessments,
  type GovernanceChange,
} from '../../../core/governance/index.ts';
import type { Flow } from '../../../core/flow/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { printRows } from '../../print-rows.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readFlowText } from '../../read-flow.ts';
import { readLocalText } from '../../read-local-file.ts';

/** Compares two flow files. */
export const diffFlows: Perform = async (call, surroundings) => {
  const { out, err, workingFolder } = surroundings;
  const [before = '', after = ''] = call.args;
  const catalogue = await surroundings.loadCatalogue();
  const read = async (file: string): Promise<Flow> => {
    if (file !== '-' && !existsSync(resolve(workingFolder, file))) {
      throw usageFailure(`there is no file \`${file}\``, 'name two flow files');
    }
    return readFlowText(await readLocalText(file, surroundings), file, catalogue);
  };
  const others = new Map<string, Flow>();
  for (const file of call.texts('with')) {
    const flow = await read(file);
    others.set(`${flow.namespace}/${flow.id}`, flow);
  }
  const world: AssessmentWorld = {
    effectOf: (type) => catalogue.find(type)?.entry.effect,
    subflow: (namespace, id) => others.get(`${namespace}/${id}`),
  };
  const [was, is] = [assessFlow(await read(before), world), assessFlow(await read(after), world)];
  const changes = compareAssessments(was, is);
  const worse = changes.filter((one) => one.isWorse);
  const code = call.has('governance') && worse.length > 0 ? exitCodes.failed : exitCodes.success;
  if (call.text('output') === 'json') {
    out.write(json({ before: was, after: is, changes, needsReview: worse.length > 0 }));
    return code;
  }
  printRows<GovernanceChange>(call, surroundings, {
    rows: changes,
    documents: [],
    columns: [
      { title: '', text: (one) => (one.isWorse ? '!' : ''), colour: () => 'red' },
      { title: 'WHAT', text: ({ what }) => what },
      { title: 'CHANGE', text: ({ change }) => change },
      { title: 'NAME', text: ({ name }) => name, isFlexible: true },
    ],
    nothing: 'nothing changes for governance',
  });
  if (!call.has('quiet')) {
    err.write(`risk tier ${is.tier}\n`);
    for (const { tier, reason } of is.reasons) err.write(`  ${tier}: ${reason}\n`);
  }
  return code;
};
