/** `jdbc.duckdb.Trigger`: runs a query and fires when it finds rows. */
import { Failure } from '../core/failure/index.ts';
import { emptyMap } from '../core/value/index.ts';
import type { PollingTrigger } from '../ports/trigger.ts';

/** Runs a query from time to time. */
export const duckdbTrigger: PollingTrigger = {
  type: 'jdbc.duckdb.Trigger',
  summary: 'Runs a query in DuckDB from time to time and starts an execution when it finds rows.',
  task: 'jdbc.duckdb.Query',
  properties: {},
  required: [],
  taskDefaults: { fetchType: 'FETCH' },
  async evaluate(context) {
    const { outputs, failure } = await context.ask();
    if (failure !== undefined) throw new Failure('task.failed', failure.message);
    const { size } = outputs;
    if (typeof size !== 'number') {
      throw new Failure('task.input-invalid', 'the query fetches nothing, so that it never fires', {
        help: 'set `fetchType` to FETCH, FETCH_ONE or STORE',
      });
    }
    if (size === 0) return { holds: false };
    const variables = emptyMap();
    for (const name of ['row', 'rows', 'uri', 'size']) {
      const value = outputs[name];
      if (value !== undefined && value !== null) variables[name] = value;
    }
    return { holds: true, variables };
  },
};
