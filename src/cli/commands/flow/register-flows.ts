/** `sluice flow register`. */
import { type FlowAdditions, riskTiers } from '../../../core/governance/index.ts';
import type { Call, Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone, printRows } from '../../print-rows.ts';
import { readCount, readFlowName } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { cardText } from './card-text.ts';

const texts = ['owner', 'sponsor', 'purpose'] as const;

function additionsOf(call: Call): FlowAdditions {
  const named = texts.flatMap((name) => {
    const text = call.text(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const riskTier = riskTiers.find((one) => one === call.text('tier'));
  const reviewDate = call.text('review-date');
  const controls = call.texts('control');
  return {
    ...Object.fromEntries(named),
    ...(riskTier !== undefined && { riskTier }),
    ...(reviewDate !== undefined && { reviewDate }),
    ...(controls.length > 0 && { controls }),
  };
}

function nameOf(call: Call) {
  const [action = '', name] = call.args;
  if (name === undefined) {
    throw usageFailure(
      `\`${action}\` needs a flow`,
      `write \`sluice flow register ${action} FLOW\``,
    );
  }
  const { namespace, id } = readFlowName(name);
  return { namespace, flowId: id };
}

/** Lists, shows, completes or reviews flows of the register. */
export const registerFlows: Perform = async (call, surroundings) => {
  const [action] = call.args;
  if (action === 'list') {
    const cards = await withApplication(call, surroundings, async (application) =>
      (await application.governance()).flows.list(call.args[1]),
    );
    printRows(call, surroundings, {
      rows: cards,
      documents: cards,
      columns: [
        {
          title: 'FLOW',
          text: ({ namespace, flowId }) => `${namespace}/${flowId}`,
          isFlexible: true,
        },
        { title: 'STAGE', text: ({ stage }) => stage },
        { title: 'TIER', text: ({ riskTier }) => riskTier },
        { title: 'OWNER', text: ({ owner }) => owner ?? 'nobody', isFlexible: true },
        { title: 'LIVE', text: ({ liveRevision }) => String(liveRevision ?? '') },
        {
          title: 'REVIEW',
          text: ({ reviewDate, isReviewDue }) => (isReviewDue ? 'overdue' : (reviewDate ?? '')),
        },
      ],
      nothing: 'there are no flows',
    });
    return exitCodes.success;
  }
  const name = nameOf(call);
  const card = await withApplication(call, surroundings, async (application) => {
    const { flows } = await application.governance();
    if (action === 'set') return flows.set(name, additionsOf(call));
    if (action === 'review') return flows.review(name, call.text('note') ?? '');
    return flows.show(name, readCount(call, 'revision'));
  });
  printDone(call, surroundings, cardText(card), { ...card });
  return exitCodes.success;
};
