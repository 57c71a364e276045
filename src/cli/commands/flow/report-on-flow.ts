/** `sluice flow report`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { reportKinds } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readFlowName } from '../../read-names.ts';
import { neededText } from '../../read-options.ts';
import { withApplication } from '../../with-application.ts';

/** Enters a report about a flow. */
export const reportOnFlow: Perform = async (call, surroundings) => {
  const [flow = '', file = ''] = call.args;
  const { namespace, id } = readFlowName(flow);
  const wanted = neededText(call, 'kind');
  const kind = reportKinds.find((one) => one === wanted);
  if (kind === undefined) throw usageFailure(`there is no kind \`${wanted}\` of reports`);
  const path = resolve(surroundings.workingFolder, file);
  const bytes = await readFile(path).catch(() => {
    throw usageFailure(`the file \`${file}\` cannot be read`);
  });
  const digest = createHash('sha256').update(bytes).digest('hex');
  const order = { kind, digest, name: basename(path), validUntil: neededText(call, 'until') };
  const card = await withApplication(call, surroundings, async (application) => {
    const { flows } = await application.governance();
    return flows.report({ namespace, flowId: id }, order);
  });
  const sentence = `the ${kind} report \`${order.name}\` about \`${namespace}/${id}\` holds until ${order.validUntil}`;
  printDone(call, surroundings, sentence, { ...card });
  return exitCodes.success;
};
