/**
 * Executions and task runs as spans, and their lines as logs of them. Ids are derived from those of the
 * execution, so that every process gives the same ones.
 */
import { createHash } from 'node:crypto';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Notice } from '../run-loop/index.ts';

const over = new Set(['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'SKIPPED', 'RETRIED']);
const openMax = 50_000;

function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count);
}

/** Returns what turns notices of the tenant into spans and logs. */
export function createExecutionSpans(telemetry: Telemetry) {
  const started = new Map<string, number>();

  return (tenant: string, notice: Notice): void => {
    const { executionId, taskRunId, namespace, flowId, kind, state, at } = notice;
    const traceId = digits(`execution:${executionId}`, 32);
    const executionSpan = digits(`span:${executionId}`, 16);
    const runSpan = taskRunId === undefined ? undefined : digits(`span:${taskRunId}`, 16);
    const attributes = {
      'sluice.tenant': tenant,
      'sluice.namespace': namespace,
      'sluice.flow': flowId,
      'sluice.execution': executionId,
      ...(notice.taskId !== undefined && { 'sluice.task': notice.taskId }),
    };
    if (kind === 'log') {
      const { message = '' } = notice;
      const spanId = runSpan ?? executionSpan;
      telemetry.addLog({ at, level: state, message, traceId, spanId, attributes });
      return;
    }
    const spanId = kind === 'execution-state' ? executionSpan : (runSpan ?? executionSpan);
    if (!over.has(state)) {
      if (started.size >= openMax) started.delete(started.keys().next().value as string);
      if (!started.has(spanId)) started.set(spanId, at);
      return;
    }
    const startedAt = started.get(spanId) ?? at;
    started.delete(spanId);
    telemetry.addSpan({
      traceId,
      spanId,
      ...(kind === 'task-run-state' && { parentSpanId: executionSpan }),
      name: kind === 'execution-state' ? `${namespace}.${flowId}` : (notice.taskId ?? 'task'),
      kind: 'internal',
      startedAt,
      endedAt: at,
      attributes: { ...attributes, 'sluice.state': state },
      hasFailed: state === 'FAILED' || state === 'KILLED',
    });
  };
}
