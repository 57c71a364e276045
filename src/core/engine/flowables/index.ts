/** The table of flowables: for each type that starts other tasks, its rules. */
import type { FlowableRules } from '../rules.ts';
import { approval } from './approval.ts';
import { allowFailure, dag, parallel, sequential, workingDirectory } from './blocks.ts';
import { ifElse, switchCase } from './choices.ts';
import { eachParallel, eachSequential, forEach } from './for-each.ts';
import { forEachItem, forEachItemBatches } from './for-each-item.ts';
import { loop } from './loop.ts';
import { loopUntil } from './loop-until.ts';
import { pause } from './pause.ts';
import { subflow } from './subflow.ts';

const rules: ReadonlyMap<string, FlowableRules> = new Map([
  ['core.flow.Sequential', sequential],
  ['core.flow.Parallel', parallel],
  ['core.flow.Dag', dag],
  ['core.flow.AllowFailure', allowFailure],
  ['core.flow.If', ifElse],
  ['core.flow.Switch', switchCase],
  ['core.flow.ForEach', forEach],
  ['core.flow.EachSequential', eachSequential],
  ['core.flow.EachParallel', eachParallel],
  ['core.flow.ForEachItem', forEachItem],
  ['core.flow.ForEachItemBatches', forEachItemBatches],
  ['core.flow.Loop', loop],
  ['core.flow.LoopUntil', loopUntil],
  ['core.flow.Pause', pause],
  ['core.flow.Subflow', subflow],
  ['core.flow.WorkingDirectory', workingDirectory],
  ['govern.Approval', approval],
]);

/** Returns the rules of a flowable type; undefined for types that a worker runs. */
export function rulesOf(type: string): FlowableRules | undefined {
  return rules.get(type);
}
