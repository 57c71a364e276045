/**
 * Task runs over executions: those of the newest executions that a search means. States are those of the
 * task runs; everything else is about their executions.
 */
import { pageOf, taskRunSchema } from '../contract/index.ts';
import { answer, type Route } from '../server/index.ts';
import { listed, route, tenantParams } from './define-route.ts';
import { executionAnswer } from './execution-answer.ts';
import { firstRow, pageFrom, passes, sorted } from './listing.ts';
import { executionQuery, newestExecutions } from './search-executions.ts';

/** Of how many executions the task runs are looked at. */
const executionsMax = 500;

/** The routes of task runs. */
export const taskRunRoutes: readonly Route[] = [
  route({
    id: 'searchTaskRuns',
    method: 'GET',
    path: '/api/v1/{tenant}/taskruns/search',
    tag: 'Executions',
    summary: 'Lists task runs of the newest executions that a search means.',
    access: listed('Execution'),
    params: tenantParams,
    query: executionQuery,
    answers: { 200: { description: 'A page of task runs', schema: pageOf(taskRunSchema) } },
    async handle({ view, query }) {
      firstRow(query);
      const { state, filters, ...rest } = query;
      const ofRuns = (filters ?? []).filter((one) => one.field === 'state');
      const ofExecutions = (filters ?? []).filter((one) => one.field !== 'state');
      const meant = { ...rest, ...(ofExecutions.length > 0 && { filters: ofExecutions }) };
      const { rows, isPartial } = await newestExecutions(view, meant, Date.now(), executionsMax);
      const documents = await view.executionDocuments(rows);
      const runs = documents
        .flatMap((one) => executionAnswer(one, view.tenant).taskRunList)
        .filter(
          (run) =>
            (state === undefined || state.includes(run.state.current)) &&
            passes(ofRuns, () => run.state.current),
        );
      const inOrder = sorted(runs, query.sort, (run, name) => {
        if (name.startsWith('state')) {
          const { current, startDate, endDate } = run.state;
          const parts: Readonly<Record<string, unknown>> = {
            'state.startDate': startDate,
            'state.endDate': endDate,
          };
          return parts[name] ?? current;
        }
        return (run as Readonly<Record<string, unknown>>)[name];
      });
      return answer({ ...pageFrom(inOrder, query), ...(isPartial && { isPartial }) });
    },
  }),
];
