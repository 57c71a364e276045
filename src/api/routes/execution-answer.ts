/** Executions, their lines and numbers, as Kestra's clients read them. */
import type { LogRecord, MetricRecord } from '../../ports/store.ts';
import type {
  ExecutionAnswer,
  ExecutionDocument,
  LogAnswer,
  StateDocument,
  TaskRunAnswer,
  TaskRunDocument,
} from '../contract/index.ts';

const ended = new Set([
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'RETRIED',
  'SKIPPED',
]);

/** Tells whether a state is one that nothing follows. */
export function isEnded(state: string): boolean {
  return ended.has(state);
}

function stateAnswer(state: StateDocument): ExecutionAnswer['state'] {
  const startDate = state.histories[0]?.date;
  const endDate = isEnded(state.current) ? state.histories.at(-1)?.date : undefined;
  const to = endDate ?? state.histories.at(-1)?.date;
  const ms =
    startDate === undefined || to === undefined
      ? undefined
      : Date.parse(to) - Date.parse(startDate);
  return {
    current: state.current,
    histories: state.histories.map((one) => ({ ...one })),
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
    ...(ms !== undefined && { duration: `PT${ms / 1000}S` }),
  };
}

function taskRunAnswer(
  run: TaskRunDocument,
  of: ExecutionDocument,
  tenantId: string,
): TaskRunAnswer {
  return {
    ...run,
    tenantId,
    executionId: of.id,
    namespace: of.namespace,
    flowId: of.flowId,
    state: stateAnswer(run.state),
    attempts: run.attempts.map((attempt) => ({ ...attempt, state: stateAnswer(attempt.state) })),
  };
}

/** Returns an execution as it is read outside. */
export function executionAnswer(
  document: ExecutionDocument,
  tenantId: string,
  url?: string,
): ExecutionAnswer {
  const { related: _related, steps: _steps, labels, metadata, ...rest } = document;
  const { id } = document;
  return {
    ...rest,
    ...(metadata !== undefined && { metadata: { ...metadata } }),
    labels: labels.map((label) => ({ ...label })),
    tenantId,
    deleted: false,
    state: stateAnswer(document.state),
    taskRunList: document.taskRunList.map((run) => taskRunAnswer(run, document, tenantId)),
    ...(url !== undefined && { url: `${url}/api/v1/${tenantId}/executions/${id}` }),
  };
}

/** Returns a log line as it is read outside. */
export function logAnswer(line: LogRecord): LogAnswer {
  return {
    namespace: line.namespace,
    flowId: line.flowId,
    tenantId: line.tenant,
    executionId: line.executionId,
    ...(line.taskId !== null && { taskId: line.taskId }),
    ...(line.taskRunId !== null && { taskRunId: line.taskRunId }),
    attemptNumber: line.attempt,
    timestamp: new Date(line.at).toISOString(),
    level: line.level,
    message: line.message,
    deleted: false,
  };
}

/** Returns a number of an execution as it is read outside. */
export function metricAnswer(metric: MetricRecord, of: { namespace: string; flowId: string }) {
  const { tenant, at, executionId, taskId, taskRunId, name, type, value, tags } = metric;
  return {
    ...of,
    tenantId: tenant,
    executionId,
    taskId,
    taskRunId,
    type,
    name,
    value,
    timestamp: new Date(at).toISOString(),
    tags,
    deleted: false,
  };
}
