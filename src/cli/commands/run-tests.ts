/**
 * `sluice test`: runs suites of tests over flow files. It keeps nothing and needs no data folder, so that
 * it runs in any pipeline; all that is wrong in suites and flows is told before anything runs.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Application } from '../../app/application.ts';
import type { FlowTestDesk, SuiteReport, SuiteSource } from '../../app/flow-test-desk.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Diagnostic, TestSuite } from '../../core/flow/index.ts';
import { unmarked } from '../../core/value/index.ts';
import type { Call, Perform, Surroundings } from '../command.ts';
import { findFlows, findSuites, type FoundFlow } from '../find-suites.ts';
import { paintFor } from '../output/colour.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { json } from '../output/json.ts';
import { junitXml } from '../output/junit.ts';
import { diagnosticText } from '../output/print-diagnostics.ts';
import {
  caseLine,
  caseTroubles,
  countReports,
  countsText,
  reportsDocument,
} from '../output/test-report.ts';
import { usageFailure } from '../parse-arguments.ts';
import { readPresets } from '../read-inputs.ts';
import { readCount } from '../read-names.ts';
import { diagnosticsOf, reportTrouble } from '../report-trouble.ts';
import { setFrom } from './policy/open-bench.ts';

/** Saves flows; gives the diagnostics of those that are not valid, by their name. */
async function saveFlows(
  application: Application,
  flows: readonly FoundFlow[],
): Promise<ReadonlyMap<string, readonly Diagnostic[]>> {
  const refused = new Map<string, readonly Diagnostic[]>();
  for (const { name, source, file } of flows) {
    try {
      await application.saveFlow(source, file);
    } catch (error) {
      const diagnostics = error instanceof Failure ? diagnosticsOf(error) : undefined;
      if (diagnostics === undefined) throw error;
      refused.set(name, diagnostics);
    }
  }
  return refused;
}

/** Puts the files of `--files` into the namespaces of the flows. */
async function putFiles(
  call: Call,
  { workingFolder }: Surroundings,
  application: Application,
  flows: readonly FoundFlow[],
): Promise<void> {
  const named = call.text('files');
  if (named === undefined) return;
  const folder = resolve(workingFolder, named);
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw usageFailure(`\`${named}\` is no folder that can be read`, 'check the path');
  });
  const namespaces = new Set(flows.map(({ name }) => name.slice(0, name.lastIndexOf('/'))));
  for (const one of found.filter((each) => each.isFile())) {
    const path = join(one.parentPath, one.name);
    const content = await readFile(path);
    for (const namespace of namespaces) {
      await application.namespaceFiles(namespace).put(path.slice(folder.length + 1), content);
    }
  }
}

/** Puts the policies of `--policies` in force. */
async function usePolicies(
  call: Call,
  surroundings: Surroundings,
  application: Application,
): Promise<void> {
  const given = await setFrom(call, surroundings, 'policies');
  if (given === undefined) return;
  const desk = await application.policies();
  const { version } = await desk.propose(given.set, { reason: 'tests of flows' });
  await desk.activate(version.version);
}

interface Checked {
  readonly suite: TestSuite;
  readonly file: string;
}

/** Returns the suites; throws one failure with the diagnostics of all that are not valid. */
async function checkSuites(
  tests: FlowTestDesk,
  sources: readonly SuiteSource[],
  refused: ReadonlyMap<string, readonly Diagnostic[]>,
): Promise<{ readonly suites: readonly Checked[]; readonly warnings: readonly Diagnostic[] }> {
  const suites: Checked[] = [];
  const warnings: Diagnostic[] = [];
  const errors: Diagnostic[] = [];
  for (const one of sources) {
    const { suite, flow, diagnostics } = await tests.check(one);
    const ofFlow = flow && refused.get(`${flow.namespace}/${flow.flowId}`);
    if (suite === undefined) errors.push(...(ofFlow ?? diagnostics));
    else {
      suites.push({ suite, file: one.file });
      warnings.push(...diagnostics);
    }
  }
  if (errors.length === 0) return { suites, warnings };
  throw new Failure('test.suite-invalid', 'suites or their flows have errors', {
    details: { diagnostics: errors },
  });
}

/** Returns which cases `--filter` means. */
function chosen(
  call: Call,
): ((suite: TestSuite, one: { readonly id: string }) => boolean) | undefined {
  const words = call.texts('filter');
  if (words.length === 0) return undefined;
  return ({ id }, one) => words.some((word) => `${id}/${one.id}`.includes(word));
}

/** Runs the suites and prints each case when it is over. */
async function runAll(
  call: Call,
  { out, environment }: Surroundings,
  tests: FlowTestDesk,
  suites: readonly Checked[],
): Promise<readonly SuiteReport[]> {
  const only = chosen(call);
  const fileOf = new Map(suites.map(({ suite, file }) => [suite, file]));
  const isJson = call.text('output') === 'json';
  const paint = paintFor(out, environment);
  const timeout = readCount(call, 'timeout');
  return tests.run(
    suites.map(({ suite }) => suite),
    {
      mayAct: call.has('allow-effects'),
      ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
      ...(only !== undefined && { only }),
      onCase(suite, report) {
        if (isJson) return;
        const troubles = caseTroubles(fileOf.get(suite) ?? '', report, paint);
        // In a pipe only what is wrong is worth a line.
        if (troubles === '' && (!out.isTerminal || call.has('quiet'))) return;
        out.write(caseLine(suite.id, report, paint) + troubles);
      },
    },
  );
}

async function perform(
  call: Call,
  surroundings: Surroundings,
  sources: readonly SuiteSource[],
  flows: readonly FoundFlow[],
): Promise<number> {
  const { out, err, environment } = surroundings;
  const presets = await readPresets(call, surroundings);
  const application = await surroundings.openTransient();
  const texts = new Map([...flows, ...sources].map(({ file, source }) => [file, source]));
  try {
    const refused = await saveFlows(application, flows);
    for (const { namespace, key, value } of presets) {
      await application.keyValues(namespace).set(key, unmarked(value));
    }
    await putFiles(call, surroundings, application, flows);
    await usePolicies(call, surroundings, application);
    const { tests } = await application.governance();
    const { suites, warnings } = await checkSuites(tests, sources, refused);
    const isJson = call.text('output') === 'json';
    if (!call.has('quiet') && !isJson) {
      const paint = paintFor(err, environment);
      for (const one of warnings) err.write(diagnosticText(one, texts.get(one.file), paint));
    }
    const reports = await runAll(call, surroundings, tests, suites);
    const files = new Map(reports.map((one, index) => [one.id, suites[index]?.file ?? '']));
    const fileOf = ({ id }: { readonly id: string }): string => files.get(id) ?? '';
    if (reports.every(({ cases }) => cases.length === 0)) {
      throw usageFailure('no case is meant', 'mend `--filter`; it is looked for in SUITE/CASE');
    }
    const junit = call.text('junit');
    if (junit !== undefined) {
      await writeFile(resolve(surroundings.workingFolder, junit), junitXml(reports, fileOf));
    }
    const counts = countReports(reports);
    if (isJson) out.write(json(reportsDocument(reports, fileOf)));
    else if (!call.has('quiet')) err.write(`${countsText(counts)}\n`);
    return counts.failed === 0 ? exitCodes.success : exitCodes.failed;
  } catch (error) {
    // Only here is the text at hand that the diagnostics point into.
    if (!(error instanceof Failure) || diagnosticsOf(error) === undefined) throw error;
    return reportTrouble(error, call.text('output') === 'json', surroundings, texts);
  } finally {
    await application.close();
  }
}

/** Runs suites of tests. */
export const runTests: Perform = async (call, surroundings) => {
  const paths = call.args.length === 0 ? ['.'] : call.args;
  const sources = await findSuites(paths, surroundings);
  const places = { files: call.texts('flow'), folders: call.texts('flows') };
  const flows = await findFlows(places, paths, sources, surroundings);
  return perform(call, surroundings, sources, flows);
};
