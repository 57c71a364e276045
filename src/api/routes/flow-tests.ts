/**
 * Unit tests of flows over the API, in Kestra's shapes: suites are saved, run, switched off; what came of
 * them is shown. A result is never taken from whoever asks: only what the server ran is kept.
 */
import { z } from 'zod';
import type { CaseReport, FlowTestDesk, SuiteReport } from '../../app/flow-test-desk.ts';
import { Failure } from '../../core/failure/index.ts';
import { type Diagnostic, flowDocument } from '../../core/flow/index.ts';
import type { StoredSuite, SuiteName } from '../../runtime/flow-tests/index.ts';
import { bulkSchema, pageOf, pageQuery, violationSchema } from '../contract/index.ts';
import {
  answer,
  type Method,
  noContent,
  type ReadRequest,
  type Route,
  type RouteRequest,
  type Target,
} from '../server/index.ts';
import {
  anywhere,
  asked,
  askedForEach,
  flag,
  flowId,
  flowParams,
  listed,
  namespace,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { wantsList } from './executions.ts';
import { isWithin, pageFrom, sorted } from './listing.ts';

const unitTest = 'io.kestra.core.tests.flow.UnitTest';
const yaml = { kind: 'yaml' } as const;

const suiteSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    description: z.string().optional(),
    disabled: z.boolean(),
    deleted: z.boolean(),
    source: z.string().optional(),
    testCases: z.array(
      z.object({ id: z.string(), type: z.string(), disabled: z.boolean() }).loose(),
    ),
  })
  .describe('A suite of tests');

const state = z.enum(['SUCCESS', 'FAILED', 'ERROR', 'SKIPPED']);

const runSchema = z
  .object({
    id: z.string(),
    testSuiteId: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    state,
    startDate: z.string(),
    endDate: z.string(),
    results: z.array(
      z.object({
        testId: z.string(),
        testType: z.string(),
        executionId: z.string().optional(),
        state,
        assertionResults: z.array(
          z.object({
            operator: z.string(),
            expected: z.string().nullable(),
            actual: z.string().nullable(),
            isSuccess: z.boolean(),
            taskId: z.string().optional(),
            description: z.string().optional(),
            errorMessage: z.string().optional(),
          }),
        ),
        errors: z.array(z.object({ message: z.string() })),
      }),
    ),
  })
  .describe('What came of a suite; values are told once, to who had it run');

type View = Pick<RouteRequest, 'view' | 'principal'>;

async function deskOf({ view, principal }: View): Promise<FlowTestDesk> {
  return (await view.governance(principal)).tests;
}

/** Returns a suite as it is answered; `hasSource` adds its text. */
function suiteAnswer(suite: StoredSuite, hasSource: boolean) {
  const { testCases: _read, ...document } = flowDocument(suite.source) ?? {};
  const cases = (Array.isArray(_read) ? _read : []) as readonly Record<string, unknown>[];
  const { id, namespace: space, flowId: flow, isDisabled, source } = suite;
  return {
    ...document,
    id,
    namespace: space,
    flowId: flow,
    disabled: isDisabled,
    deleted: false,
    ...(hasSource && { source }),
    testCases: cases.map((one) => ({ type: unitTest, disabled: false, ...one })),
  };
}

function resultAnswer({ id, executionId, state: how, checks, errors, failure }: CaseReport) {
  const said = [...errors, ...(failure === undefined ? [] : [failure])];
  return {
    testId: id,
    testType: unitTest,
    ...(executionId !== undefined && { executionId }),
    state: how,
    assertionResults: checks.map(({ message, line: _line, ...check }) => ({
      ...check,
      ...(message !== undefined && { errorMessage: message }),
    })),
    errors: said.map((message) => ({ message })),
  };
}

function runAnswer(report: SuiteReport) {
  const { runId, id, namespace: space, flowId: flow, state: how, startedAt, endedAt } = report;
  return {
    id: runId,
    testSuiteId: id,
    namespace: space,
    flowId: flow,
    state: how,
    startDate: new Date(startedAt).toISOString(),
    endDate: new Date(endedAt).toISOString(),
    results: report.cases.map(resultAnswer),
  };
}

/** Returns the flow whose suite a text is. */
function suiteSent({ body }: ReadRequest): readonly Target[] {
  const { namespace: space, flowId: flow } =
    flowDocument(typeof body === 'string' ? body : '') ?? {};
  if (typeof space !== 'string' || typeof flow !== 'string') return [];
  return [{ namespace: space, resourceId: flow, flowId: flow }];
}

function constraintsOf(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  return errors.map((one) => `${one.path}: ${one.message} (line ${one.line})`).join('\n');
}

const suiteParams = flowParams.describe('The namespace and id of a suite');
const suiteAnswers = { 200: { description: 'The suite', schema: suiteSchema } };
const runAnswers = { 200: { description: 'What came of it', schema: runSchema } };
const runOrList = {
  200: { description: 'What came of it', schema: z.union([runSchema, z.array(runSchema)]) },
};

const names = z.strictObject({
  ids: z
    .array(z.strictObject({ namespace, id: flowId }))
    .min(1)
    .max(1_000),
});

const acts: readonly {
  readonly verb: 'delete' | 'disable' | 'enable';
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly act: (desk: FlowTestDesk, name: SuiteName) => Promise<unknown>;
}[] = [
  {
    verb: 'delete',
    method: 'DELETE',
    path: '/api/v1/{tenant}/tests/by-ids',
    summary: 'Removes suites that are named.',
    act: (desk, name) => desk.remove(name),
  },
  {
    verb: 'disable',
    method: 'POST',
    path: '/api/v1/{tenant}/tests/disable/by-ids',
    summary: 'Switches suites off that are named.',
    act: (desk, name) => desk.switch(name, true),
  },
  {
    verb: 'enable',
    method: 'POST',
    path: '/api/v1/{tenant}/tests/enable/by-ids',
    summary: 'Switches suites on that are named.',
    act: (desk, name) => desk.switch(name, false),
  },
];

const bulkRoutes: readonly Route[] = acts.map(({ verb, method, path, summary, act }) =>
  route({
    id: `${verb}TestSuitesByIds`,
    method,
    path,
    tag: 'Tests',
    summary,
    access: askedForEach('edit', 'Flow'),
    params: tenantParams,
    body: { kind: 'json', schema: names },
    answers: { 200: { description: 'To how many it was done', schema: bulkSchema } },
    async handle(request) {
      const desk = await deskOf(request);
      const failed: { id: string; message: string }[] = [];
      let count = 0;
      for (const name of request.body.ids) {
        try {
          const { namespace: space, id } = name;
          await request.ask({ resourceId: id, namespace: space, flowId: id });
          await act(desk, name);
          count += 1;
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          failed.push({ id: `${name.namespace}/${name.id}`, message: error.message });
        }
      }
      return answer(failed.length === 0 ? { count } : { count, failed });
    },
  }),
);

/** The routes of the tests of flows. */
export const flowTestRoutes: readonly Route[] = [
  route({
    id: 'createTestSuite',
    method: 'POST',
    path: '/api/v1/{tenant}/tests',
    tag: 'Tests',
    summary: 'Saves a suite of tests; one that is there is replaced.',
    access: asked('edit', 'Flow', suiteSent),
    params: tenantParams,
    body: yaml,
    answers: suiteAnswers,
    handle: async (request) => {
      const desk = await deskOf(request);
      return answer(suiteAnswer(await desk.save({ source: request.body, file: 'suite' }), true));
    },
  }),
  route({
    id: 'validateTestSuite',
    method: 'POST',
    path: '/api/v1/{tenant}/tests/validate',
    tag: 'Tests',
    summary: 'Tells what is wrong with a suite of tests, without saving it.',
    access: anywhere('view', 'Flow'),
    params: tenantParams,
    body: yaml,
    answers: { 200: { description: 'What was found', schema: violationSchema } },
    async handle(request) {
      // Measured against flows that whoever asks may see.
      const seen = await request.seen('Flow');
      const { tests } = await seen.governance(request.principal);
      const source = request.body;
      const { suite, diagnostics } = await tests.check({ source, file: 'suite' });
      const constraints = constraintsOf(diagnostics);
      const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
      return answer({
        index: 0,
        ...(suite !== undefined && { flow: suite.flowId, namespace: suite.namespace }),
        ...(constraints !== undefined && { constraints }),
        outdated: false,
        deprecationPaths: [],
        warnings: warnings.map(({ message }) => message),
        infos: [],
        diagnostics,
      });
    },
  }),
  route({
    id: 'searchTestSuites',
    method: 'GET',
    path: '/api/v1/{tenant}/tests/search',
    tag: 'Tests',
    summary: 'Lists suites of tests.',
    access: listed('Flow'),
    params: tenantParams,
    query: z.strictObject({
      ...pageQuery,
      namespace: z.string().optional(),
      flowId: z.string().optional(),
      includeChildNamespaces: flag.optional(),
    }),
    answers: { 200: { description: 'A page of suites', schema: pageOf(suiteSchema) } },
    async handle(request) {
      const { query, sees } = request;
      const found = (await (await deskOf(request)).list()).filter((one) => {
        if (query.flowId !== undefined && one.flowId !== query.flowId) return false;
        if (query.namespace === undefined) return sees(one.namespace);
        const isMeant =
          query.includeChildNamespaces === false
            ? one.namespace === query.namespace
            : isWithin(one.namespace, query.namespace);
        return isMeant && sees(one.namespace);
      });
      const rows = found.map((one) => suiteAnswer(one, false));
      const read = (row: (typeof rows)[number], name: string): unknown =>
        (row as Readonly<Record<string, unknown>>)[name];
      return answer(pageFrom(sorted(rows, query.sort, read), query));
    },
  }),
  ...bulkRoutes,
  route({
    id: 'getTestResult',
    method: 'GET',
    path: '/api/v1/{tenant}/tests/results/{id}',
    tag: 'Tests',
    summary: 'Returns what came of a run, while it is the newest of its suite.',
    access: listed('Flow'),
    params: z.strictObject({ tenant, id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/) }),
    answers: runAnswers,
    async handle(request) {
      const { id } = request.params;
      const report = await (await deskOf(request)).report(id);
      if (report !== undefined && request.sees(report.namespace)) return answer(runAnswer(report));
      throw new Failure('test.suite-not-found', `no run \`${id}\` of a suite is kept`);
    },
  }),
  route({
    id: 'getTestsLastResult',
    method: 'POST',
    path: '/api/v1/{tenant}/tests/results/search/last',
    tag: 'Tests',
    summary: 'Returns the newest result of suites, or of all.',
    access: listed('Flow'),
    params: tenantParams,
    body: {
      kind: 'json',
      isOptional: true,
      schema: z.strictObject({
        testSuiteIds: z
          .array(z.strictObject({ namespace, id: flowId }))
          .max(1_000)
          .optional(),
      }),
    },
    answers: {
      200: {
        description: 'The results, without values',
        schema: z.object({ results: z.array(runSchema) }),
      },
    },
    async handle(request) {
      const wanted = (request.body as { testSuiteIds?: readonly SuiteName[] } | undefined)
        ?.testSuiteIds;
      const isWanted = (one: SuiteReport): boolean =>
        wanted === undefined ||
        wanted.some(({ namespace: space, id }) => space === one.namespace && id === one.id);
      const all = await (await deskOf(request)).reports();
      const shown = all.filter((one) => isWanted(one) && request.sees(one.namespace));
      return answer({ results: shown.map(runAnswer) });
    },
  }),
  route({
    id: 'getTestSuite',
    method: 'GET',
    path: '/api/v1/{tenant}/tests/{namespace}/{id}',
    tag: 'Tests',
    summary: 'Returns a suite of tests.',
    access: asked('view', 'Flow'),
    params: suiteParams,
    answers: suiteAnswers,
    handle: async (request) =>
      answer(suiteAnswer(await (await deskOf(request)).show(request.params), true)),
  }),
  route({
    id: 'updateTestSuite',
    method: 'PUT',
    path: '/api/v1/{tenant}/tests/{namespace}/{id}',
    tag: 'Tests',
    summary: 'Replaces a suite of tests.',
    access: asked('edit', 'Flow'),
    params: suiteParams,
    body: yaml,
    answers: suiteAnswers,
    async handle(request) {
      const { namespace: space, id } = request.params;
      const desk = await deskOf(request);
      await desk.show({ namespace: space, id });
      const read = flowDocument(request.body);
      if (read?.['namespace'] !== space || read['id'] !== id) {
        throw new Failure('request.malformed', `the text is not that of \`${space}/${id}\``);
      }
      return answer(suiteAnswer(await desk.save({ source: request.body, file: id }), true));
    },
  }),
  route({
    id: 'deleteTestSuite',
    method: 'DELETE',
    path: '/api/v1/{tenant}/tests/{namespace}/{id}',
    tag: 'Tests',
    summary: 'Removes a suite of tests.',
    access: asked('edit', 'Flow'),
    params: suiteParams,
    answers: { 204: { description: 'It is removed' } },
    async handle(request) {
      await (await deskOf(request)).remove(request.params);
      return noContent();
    },
  }),
  route({
    id: 'runTestSuite',
    method: 'POST',
    path: '/api/v1/{tenant}/tests/{namespace}/{id}/run',
    tag: 'Tests',
    summary: 'Runs a suite of tests on the newest revision; a run of all its cases is recorded.',
    access: asked('test', 'Flow'),
    params: suiteParams,
    body: {
      kind: 'json',
      isOptional: true,
      schema: z.strictObject({ testCases: z.array(z.string()).max(1_000).nullish() }),
    },
    answers: runOrList,
    async handle(request) {
      const { testCases } = (request.body ?? {}) as { testCases?: readonly string[] | null };
      const chosen = testCases ?? [];
      const only = chosen.length === 0 ? {} : { only: isChosen(chosen) };
      const run = runAnswer(await (await deskOf(request)).runKept(request.params, only));
      return answer(wantsList(request) ? [run] : run);
    },
  }),
];

function isChosen(ids: readonly string[]) {
  return (_suite: unknown, one: { readonly id: string }): boolean => ids.includes(one.id);
}
