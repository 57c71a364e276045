/**
 * The numbers of a process as Prometheus reads them, under Kestra's names where it has one. Counted from
 * what became durable, so that a number never speaks of what did not happen.
 */
import type { Notice } from '../run-loop/index.ts';

type Labels = Readonly<Record<string, string>>;

/** What the process knows of itself when it is asked. */
export interface Gauges {
  readonly commits: number;
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
  readonly telemetryLost: number;
}

/** The numbers of a process. */
export interface Metrics {
  noticed(tenant: string, notice: Notice): void;
  served(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
  /** Returns all of them as text. */
  text(gauges: Gauges): string;
}

interface Family {
  readonly type: 'counter' | 'summary' | 'gauge';
  readonly help: string;
  readonly values: Map<string, number>;
}

const seriesMax = 20_000;
const ended = new Set([
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'SKIPPED',
  'RETRIED',
]);

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Returns numbers that all are zero. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();
  const begun = new Map<string, number>();
  let seriesCount = 0;

  const family = (name: string, type: Family['type'], help: string): Family => {
    const known = families.get(name);
    if (known !== undefined) return known;
    const made: Family = { type, help, values: new Map() };
    families.set(name, made);
    return made;
  };
  const add = (of: Family, series: string, amount: number): void => {
    const before = of.values.get(series);
    if (before === undefined) {
      // A flow for each order must not become a series for each order.
      if (seriesCount >= seriesMax) return;
      seriesCount += 1;
    }
    of.values.set(series, (before ?? 0) + amount);
  };
  const count = (name: string, help: string, labels: Labels): void =>
    add(family(name, 'counter', help), `${name}${labelText(labels)}`, 1);
  const measure = (name: string, help: string, labels: Labels, seconds: number): void => {
    const of = family(name, 'summary', help);
    add(of, `${name}_count${labelText(labels)}`, 1);
    add(of, `${name}_sum${labelText(labels)}`, seconds);
  };

  const time = (key: string, notice: Notice): number | undefined => {
    if (!ended.has(notice.state)) {
      if (begun.size >= seriesMax) begun.delete(begun.keys().next().value as string);
      if (!begun.has(key)) begun.set(key, notice.at);
      return undefined;
    }
    const from = begun.get(key);
    begun.delete(key);
    return from === undefined ? 0 : (notice.at - from) / 1000;
  };

  const executionNoticed = (labels: Labels, notice: Notice): void => {
    if (notice.state === 'CREATED') {
      count('kestra_executor_execution_started_count_total', 'executions created', labels);
    }
    const seconds = time(notice.executionId, notice);
    if (seconds === undefined) return;
    const all = { ...labels, state: notice.state };
    count('kestra_executor_execution_end_count_total', 'executions ended', all);
    measure('kestra_executor_execution_duration_seconds', 'how long executions took', all, seconds);
  };

  const taskRunNoticed = (labels: Labels, notice: Notice): void => {
    if (notice.state === 'CREATED') {
      count('kestra_executor_taskrun_created_count_total', 'task runs created', labels);
    }
    const seconds = time(notice.taskRunId ?? '', notice);
    if (seconds === undefined) return;
    const all = { ...labels, state: notice.state };
    count('kestra_executor_taskrun_ended_count_total', 'task runs ended', all);
    measure(
      'kestra_executor_taskrun_ended_duration_seconds',
      'how long task runs took',
      all,
      seconds,
    );
  };

  return {
    noticed(tenant, notice) {
      const labels = { tenant_id: tenant, namespace_id: notice.namespace, flow_id: notice.flowId };
      if (notice.kind === 'execution-state') executionNoticed(labels, notice);
      else if (notice.kind === 'task-run-state') taskRunNoticed(labels, notice);
    },
    served({ method, route, status, durationMs }) {
      const labels = { method, uri: route, status: String(status) };
      measure('http_server_requests_seconds', 'requests answered', labels, durationMs / 1000);
    },
    text(gauges) {
      const lines: string[] = [];
      for (const [name, { type, help, values }] of families) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
        for (const [series, value] of values) lines.push(`${series} ${value}`);
      }
      const simple = (name: string, type: string, help: string, value: number): void =>
        void lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`);
      simple('sluice_store_commits_total', 'counter', 'durable commits', gauges.commits);
      simple(
        'sluice_telemetry_lost_total',
        'counter',
        'spans and lines that could not be sent',
        gauges.telemetryLost,
      );
      simple('process_resident_memory_bytes', 'gauge', 'memory of the process', gauges.memoryBytes);
      simple('process_uptime_seconds', 'gauge', 'age of the process', gauges.uptimeSeconds);
      return `${lines.join('\n')}\n`;
    },
  };
}
