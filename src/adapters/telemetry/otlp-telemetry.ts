/**
 * Sends traces and logs to a collector of OpenTelemetry, in OTLP's JSON over HTTP. Small batches, bounded
 * memory: when the collector is away, the oldest records are dropped and counted.
 */
import type { LogLineRecord, SpanRecord, Telemetry } from '../../ports/telemetry.ts';

/** Where to send, and as who. */
export interface OtlpOptions {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly version: string;
}

const waitingMax = 5_000;
const batchMax = 500;
const everyMs = 2_000;
const patienceMs = 5_000;

const severities: Readonly<Record<string, number>> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
};

function attributesOf(attributes: Readonly<Record<string, string | number | boolean>>) {
  return Object.entries(attributes).map(([key, value]) => {
    if (typeof value === 'boolean') return { key, value: { boolValue: value } };
    if (typeof value === 'string') return { key, value: { stringValue: value } };
    return Number.isInteger(value)
      ? { key, value: { intValue: String(value) } }
      : { key, value: { doubleValue: value } };
  });
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}

function spanOf(span: SpanRecord) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind === 'server' ? 2 : 1,
    startTimeUnixNano: nanos(span.startedAt),
    endTimeUnixNano: nanos(span.endedAt),
    attributes: attributesOf(span.attributes),
    status: { code: span.hasFailed ? 2 : 1 },
  };
}

function lineOf(line: LogLineRecord) {
  return {
    timeUnixNano: nanos(line.at),
    severityNumber: severities[line.level] ?? 9,
    severityText: line.level,
    body: { stringValue: line.message },
    ...(line.traceId !== undefined && { traceId: line.traceId }),
    ...(line.spanId !== undefined && { spanId: line.spanId }),
    attributes: attributesOf(line.attributes),
  };
}

/** Returns what sends to the collector of `options`. */
export function createOtlpTelemetry(options: OtlpOptions): Telemetry {
  const spans: SpanRecord[] = [];
  const lines: LogLineRecord[] = [];
  let lostCount = 0;
  let sending: Promise<void> | undefined;
  const resource = {
    attributes: attributesOf({
      'service.name': options.serviceName,
      'service.version': options.version,
    }),
  };
  const scope = { name: 'sluice', version: options.version };

  const keep = <T>(waiting: T[], one: T): void => {
    waiting.push(one);
    if (waiting.length > waitingMax) {
      waiting.shift();
      lostCount += 1;
    }
  };

  const post = async (path: string, body: unknown, count: number): Promise<void> => {
    try {
      const answered = await fetch(`${options.endpoint}${path}`, {
        method: 'POST',
        headers: { ...options.headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      });
      await answered.body?.cancel();
      if (!answered.ok) lostCount += count;
    } catch {
      // The collector is away; the count of what was lost says so, and nothing here waits for it.
      lostCount += count;
    }
  };

  const sendAll = async (): Promise<void> => {
    while (spans.length > 0) {
      const batch = spans.splice(0, batchMax);
      const scopeSpans = [{ scope, spans: batch.map(spanOf) }];
      await post('/v1/traces', { resourceSpans: [{ resource, scopeSpans }] }, batch.length);
    }
    while (lines.length > 0) {
      const batch = lines.splice(0, batchMax);
      const scopeLogs = [{ scope, logRecords: batch.map(lineOf) }];
      await post('/v1/logs', { resourceLogs: [{ resource, scopeLogs }] }, batch.length);
    }
  };

  const flush = (): Promise<void> =>
    (sending ??= sendAll().finally(() => {
      sending = undefined;
    }));
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    addSpan: (span) => keep(spans, span),
    addLog: (line) => keep(lines, line),
    flush,
    get lostCount() {
      return lostCount;
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
