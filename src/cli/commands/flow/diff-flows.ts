/**
 * `sluice flow diff`: how two revisions of a flow differ to governance. Of two files, without a data folder,
 * or of two saved revisions. With `--governance` policy says how it ends.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../../../core/failure/index.ts';
import type { Flow, TypeCatalogue } from '../../../core/flow/index.ts';
import {
  assessFlow,
  type AssessmentWorld,
  compareAssessments,
  type FlowCard,
  flowCard,
  type FlowAssessment,
  nothingAssessed,
} from '../../../core/governance/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { harmless } from '../../output/terminal-text.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readFlowText } from '../../read-flow.ts';
import { readLocalText } from '../../read-local-file.ts';
import { readCount } from '../../read-names.ts';
import { neededText } from '../../read-options.ts';
import { withApplication } from '../../with-application.ts';
import { askAboutChange, type ChangeVerdict, type ComparedFlow } from './ask-about-change.ts';
import { diffMarkdown, diffPlain, diffSections } from './diff-text.ts';

/** Two revisions, and what the newer one lacks to go live. */
interface Compared {
  readonly compared: ComparedFlow;
  readonly missing: readonly string[];
}

function comparedOf(flow: Flow, before: FlowAssessment, after: FlowAssessment): ComparedFlow {
  return { flow, before, after, changes: compareAssessments(before, after) };
}

function openGates({ gates }: FlowCard, names: readonly string[]): readonly string[] {
  return Object.entries(gates)
    .filter(([name, { holds }]) => !holds && names.includes(name))
    .map(([, { reason }]) => reason);
}

/** What the text of a flow alone tells of its evidence. */
const textGates = ['hasOwner', 'effectsGated', 'modelsApproved', 'vendorsApproved', 'reportsFresh'];

function missingOf(flow: Flow, assessment: FlowAssessment, now: number): readonly string[] {
  const card = flowCard(flow, {
    revision: 0,
    author: null,
    entry: undefined,
    assessment,
    tests: { passed: false, reason: '' },
    allowances: [],
    switches: [],
    startsUnready: [],
    at: now,
  });
  const open = openGates(card, textGates);
  return [...open, 'its tests pass on the revision once it is saved'];
}

async function readFile(
  file: string,
  surroundings: Surroundings,
  catalogue: TypeCatalogue,
): Promise<Flow | undefined> {
  if (file !== '-' && !existsSync(resolve(surroundings.workingFolder, file))) {
    throw usageFailure(`there is no file \`${file}\``, 'name two flow files');
  }
  const text = await readLocalText(file, surroundings);
  // What is not there yet is an empty file.
  return text.trim() === '' ? undefined : readFlowText(text, file, catalogue);
}

async function compareFiles(call: Call, surroundings: Surroundings): Promise<Compared> {
  const catalogue = await surroundings.loadCatalogue();
  const [before = '', after = ''] = call.args;
  if (after === '') {
    throw usageFailure(
      'nothing says what is compared',
      'name two flow files, or a saved flow with `--namespace`, `--id` and `--from`',
    );
  }
  const read = (file: string) => readFile(file, surroundings, catalogue);
  const others = new Map<string, Flow>();
  for (const file of call.texts('with')) {
    const flow = await read(file);
    if (flow !== undefined) others.set(`${flow.namespace}/${flow.id}`, flow);
  }
  const world: AssessmentWorld = {
    effectOf: (type) => catalogue.find(type)?.entry.effect,
    subflow: (namespace, id) => others.get(`${namespace}/${id}`),
  };
  const [was, is] = [await read(before), await read(after)];
  if (is === undefined) throw usageFailure(`the file \`${after}\` is empty`);
  if (was !== undefined && (was.id !== is.id || was.namespace !== is.namespace)) {
    throw usageFailure(
      `\`${was.namespace}/${was.id}\` and \`${is.namespace}/${is.id}\` are different flows`,
      'compare two revisions of one flow; a flow that moves is a new one',
    );
  }
  const assessed = assessFlow(is, world);
  const first = was === undefined ? nothingAssessed : assessFlow(was, world);
  return {
    compared: comparedOf(is, first, assessed),
    missing: missingOf(is, assessed, surroundings.now()),
  };
}

const cardGates = [...textGates, 'testsPassed', 'subflowsLive'];

async function compareSaved(call: Call, surroundings: Surroundings): Promise<Compared> {
  if (call.args.length > 0) {
    throw usageFailure('name two files, or `--namespace`, `--id` and `--from`', 'not both');
  }
  const name = { namespace: neededText(call, 'namespace'), flowId: neededText(call, 'id') };
  const [from, to] = [readCount(call, 'from'), readCount(call, 'to')];
  if (from === undefined) throw usageFailure('option `--from` is missing');
  return withApplication(call, surroundings, async (application) => {
    const { flows } = await application.governance();
    const [before, after] = [await flows.read(name, from), await flows.read(name, to)];
    if (before.card.revision >= after.card.revision) {
      throw new Failure(
        'cli.usage-wrong',
        `revision ${after.card.revision} does not come after revision ${before.card.revision}`,
      );
    }
    return {
      compared: comparedOf(after.flow, before.assessment, after.assessment),
      missing: openGates(after.card, cardGates),
    };
  });
}

function exitCodeOf({ verdict }: ChangeVerdict): number {
  if (verdict === 'allow') return exitCodes.success;
  return verdict === 'obliged' ? exitCodes.paused : exitCodes.failed;
}

/** Compares two flow files, or two saved revisions. */
export const diffFlows: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const isSaved = ['namespace', 'id', 'from', 'to'].some((one) => call.has(one));
  const { compared, missing } = await (isSaved ? compareSaved : compareFiles)(call, surroundings);
  const decided = await askAboutChange(call, surroundings, compared);
  const { before, after, changes, flow } = compared;
  const sections = diffSections(compared, decided, missing);
  const form = call.text('output');
  if (form === 'json') {
    const needsReview = changes.some(({ isWorse }) => isWorse);
    const { namespace, id } = flow;
    out.write(
      json({
        flow: `${namespace}/${id}`,
        before,
        after,
        changes,
        needsReview,
        ...decided,
        missingEvidence: missing,
      }),
    );
  } else if (form === 'markdown') {
    out.write(diffMarkdown(compared, decided, sections));
  } else {
    out.write(harmless(diffPlain(decided, sections)));
  }
  return call.has('governance') ? exitCodeOf(decided) : exitCodes.success;
};
