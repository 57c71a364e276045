/** A log line as people read it; further lines of a message are indented below the first. */
import type { ApplicationEvent } from '../../app/application.ts';
import { colourOfLevel, noPaint, type Paint } from './colour.ts';
import { fill, harmless, oneLine } from './terminal-text.ts';

/** What is shown of a log line. */
export type LogEvent = Pick<ApplicationEvent, 'at' | 'state' | 'message' | 'value'> & {
  readonly taskId?: string | undefined;
};

/** Returns a log line: time of day, level, task, message. */
export function logLine(event: LogEvent, paint: Paint = noPaint): string {
  const time = new Date(event.at).toISOString().slice(11, 23);
  const level = fill(event.state, 5);
  const value = event.value === undefined ? '' : ` [${event.value}]`;
  const task = event.taskId === undefined ? '' : `  ${oneLine(event.taskId + value)}`;
  const message = harmless(event.message ?? '')
    .trimEnd()
    .replaceAll('\n', '\n    ');
  return `${paint(time, 'dim')}  ${paint(level, colourOfLevel(event.state))}${paint(task, 'cyan')}  ${message}`;
}
