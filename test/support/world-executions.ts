/** Other executions of the fake world, in memory. */
import { Failure } from '../../src/core/failure/index.ts';
import { mapOf, type ValueMap } from '../../src/core/value/index.ts';
import { type ExecutionControl, type LogLevel, logLevels } from '../../src/ports/task-context.ts';

/** A log line of an execution in the fake world. */
export interface WorldLogLine {
  readonly taskId: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly at: string;
}

/** An execution in the fake world. */
export interface WorldExecution {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  state: string;
  readonly startDate: string;
  /** Values it was resumed with. */
  resumedWith?: ValueMap;
  logs: WorldLogLine[];
  readonly metricCount?: number;
  readonly fileCount?: number;
}

const endStates = ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED'];

function isBetween(at: string, start: string | undefined, end: string | undefined): boolean {
  return (
    (start === undefined || Temporal.Instant.compare(at, start) >= 0) &&
    (end === undefined || Temporal.Instant.compare(at, end) < 0)
  );
}

/** Returns control over `executions`, a list that it changes. */
export function worldExecutionControl(
  executions: WorldExecution[],
  note: (mode: 'read' | 'write', what: string) => void,
): Omit<ExecutionControl, 'switchTrigger'> {
  const find = (id: string): WorldExecution => {
    const found = executions.find((one) => one.id === id);
    if (found === undefined) throw new Failure('execution.not-found', `no execution \`${id}\``);
    return found;
  };
  return {
    async resume(id, inputs) {
      note('write', `resume ${id}`);
      const one = find(id);
      if (one.state !== 'PAUSED') {
        throw new Failure('execution.wrong-state', `execution \`${id}\` is not paused`);
      }
      one.state = 'RUNNING';
      one.resumedWith = inputs;
    },
    async kill(id) {
      note('write', `kill ${id}`);
      const one = find(id);
      if (!endStates.includes(one.state)) one.state = 'KILLED';
    },
    async count(query) {
      note('read', 'count');
      const counted = (namespace: string, flowId: string) =>
        executions.filter(
          (one) =>
            one.namespace === namespace &&
            one.flowId === flowId &&
            (query.states.length === 0 || query.states.includes(one.state)) &&
            isBetween(one.startDate, query.startDate, query.endDate),
        ).length;
      const flows = new Map(
        [
          ...query.flows,
          ...executions.filter((one) => query.namespaces.includes(one.namespace)),
        ].map(({ namespace, flowId }) => [`${namespace}\n${flowId}`, { namespace, flowId }]),
      );
      return [...flows.values()].map((flow) => ({
        ...flow,
        count: counted(flow.namespace, flow.flowId),
      }));
    },
    async purge(query) {
      note('write', 'purge');
      const counts = { executions: 0, logs: 0, metrics: 0, files: 0 };
      const meant = executions.filter(
        (one) =>
          (query.namespace === undefined || one.namespace === query.namespace) &&
          (query.flowId === undefined || one.flowId === query.flowId) &&
          endStates.includes(one.state) &&
          (query.states.length === 0 || query.states.includes(one.state)) &&
          isBetween(one.startDate, query.startDate, query.endDate),
      );
      for (const one of meant) {
        if (query.parts.includes('log')) counts.logs += one.logs.splice(0).length;
        if (query.parts.includes('metric')) counts.metrics += one.metricCount ?? 0;
        if (query.parts.includes('storage')) counts.files += one.fileCount ?? 0;
        if (query.parts.includes('execution')) {
          executions.splice(executions.indexOf(one), 1);
          counts.executions += 1;
        }
      }
      return counts;
    },
    async logs(query) {
      note('read', `logs ${query.executionId}`);
      const least = logLevels.indexOf(query.levelMin);
      return find(query.executionId)
        .logs.filter(
          (line) =>
            logLevels.indexOf(line.level) >= least &&
            (query.taskIds.length === 0 || query.taskIds.includes(line.taskId)),
        )
        .map((line) =>
          mapOf({
            taskId: line.taskId,
            level: line.level,
            message: line.message,
            timestamp: line.at,
          }),
        );
    },
    async purgeLogs(query) {
      note('write', 'purge logs');
      let count = 0;
      for (const one of executions) {
        if (query.namespace !== undefined && one.namespace !== query.namespace) continue;
        if (query.flowId !== undefined && one.flowId !== query.flowId) continue;
        const kept = one.logs.filter(
          (line) =>
            !isBetween(line.at, query.startDate, query.endDate) ||
            (query.levels.length > 0 && !query.levels.includes(line.level)),
        );
        count += one.logs.length - kept.length;
        one.logs = kept;
      }
      return count;
    },
  };
}
