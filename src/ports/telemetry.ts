/** Traces and logs for those who watch many systems: what happened and how long it took, in their form. */

/** Something that took time and is over. */
export interface SpanRecord {
  /** 32 hexadecimal digits: what belongs together. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'server' | 'internal';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly hasFailed: boolean;
}

/** A line of a log. */
export interface LogLineRecord {
  readonly at: number;
  readonly level: string;
  readonly message: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Where traces and logs go. Losing some of them stops nothing. */
export interface Telemetry {
  addSpan(span: SpanRecord): void;
  addLog(line: LogLineRecord): void;
  /** Sends what waits. */
  flush(): Promise<void>;
  /** How many records could not be sent. */
  readonly lostCount: number;
  close(): Promise<void>;
}
