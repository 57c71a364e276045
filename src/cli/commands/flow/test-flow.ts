/** `sluice flow test`: runs the tests of a saved flow and has the result kept as evidence. */
import type { SuiteSource } from '../../../app/flow-test-desk.ts';
import { Failure } from '../../../core/failure/index.ts';
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import {
  caseLine,
  caseTroubles,
  countReports,
  countsText,
  reportsDocument,
} from '../../output/test-report.ts';
import { printDone } from '../../print-rows.ts';
import { readFlowName } from '../../read-names.ts';
import { readLocalText } from '../../read-local-file.ts';
import { diagnosticsOf, reportTrouble } from '../../report-trouble.ts';
import { withApplication } from '../../with-application.ts';

/** Runs the suites that are kept with a flow, and those of files. */
export const testFlow: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const [name = '', ...files] = call.args;
  const { namespace, id: flowId } = readFlowName(name);
  const given: SuiteSource[] = [];
  for (const file of files) given.push({ file, source: await readLocalText(file, surroundings) });
  const isJson = call.text('output') === 'json';
  const paint = paintFor(out, environment);
  return withApplication(call, surroundings, async (application) => {
    const { tests } = await application.governance();
    try {
      if (call.has('save')) {
        for (const one of given) await tests.save(one);
      }
      const fileOf = new Map<string, string>();
      for (const one of given) {
        const { suite } = await tests.check(one);
        if (suite !== undefined) fileOf.set(suite.id, one.file);
      }
      const recorded = await tests.record({ namespace, flowId }, given, {
        onCase(suite, report) {
          if (isJson) return;
          const troubles = caseTroubles(fileOf.get(suite.id) ?? suite.id, report, paint);
          if (troubles === '' && (!out.isTerminal || call.has('quiet'))) return;
          out.write(caseLine(suite.id, report, paint) + troubles);
        },
      });
      const { reports, revision, standing } = recorded;
      const counts = countReports(reports);
      if (isJson) {
        const document = reportsDocument(reports, ({ id }) => fileOf.get(id));
        out.write(json({ namespace, flowId, revision, standing, ...document }));
      } else {
        if (!call.has('quiet')) err.write(`${countsText(counts)}\n`);
        const { passed, reason } = standing;
        printDone(call, surroundings, `${passed ? 'tested' : 'not tested'}: ${reason}`, {});
      }
      return standing.passed ? exitCodes.success : exitCodes.failed;
    } catch (error) {
      if (!(error instanceof Failure) || diagnosticsOf(error) === undefined) throw error;
      const texts = new Map(given.map(({ file, source }) => [file, source]));
      return reportTrouble(error, isJson, surroundings, texts);
    }
  });
};
