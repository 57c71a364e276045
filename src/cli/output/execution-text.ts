/** An execution as people read it: how it ended, its outputs, why it failed, what it caused. */
import type {
  ExecutionDocument,
  QuestionDocument,
  TaskRunDocument,
} from '../../api/contract/index.ts';
import { lookOf, type Paint } from './colour.ts';
import { durationText } from './duration-text.ts';
import { pairs } from './table.ts';
import { harmless } from './terminal-text.ts';

/** Returns a value as people read it: text as it is, everything else as JSON. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return harmless(value);
  if (value === undefined) return '';
  return harmless(JSON.stringify(value, undefined, 2));
}

function durationOf({ state }: ExecutionDocument): string {
  const [first, last] = [state.histories[0], state.histories.at(-1)];
  if (first === undefined || last === undefined) return '';
  return durationText(Date.parse(last.date) - Date.parse(first.date));
}

function section(title: string, values: Readonly<Record<string, unknown>>, paint: Paint): string {
  const entries = Object.entries(values).map(
    ([name, value]) => [`  ${harmless(name)}`, plainText(value)] as const,
  );
  return entries.length === 0 ? '' : `${paint(title, 'bold')}\n${pairs(entries, paint)}`;
}

/** Returns one line: state, flow, id, duration. */
export function executionLine(document: ExecutionDocument, paint: Paint): string {
  const { sign, colour } = lookOf(document.state.current);
  const state = paint(`${sign} ${document.state.current}`, colour);
  return `${state}  ${document.namespace}/${document.flowId}  ${document.id}  ${paint(durationOf(document), 'dim')}\n`;
}

/** Returns the task runs of an execution, and of those it caused, that wait for an answer. */
export function openQuestions(document: ExecutionDocument): readonly AskingRun[] {
  return [document, ...(document.related ?? [])].flatMap(({ taskRunList }) =>
    taskRunList.flatMap((run) => (run.question === undefined ? [] : [{ ...run, ...run.question }])),
  );
}

type AskingRun = TaskRunDocument & QuestionDocument;

const argumentMax = 200;

function shortly(value: unknown): string {
  const text = plainText(value);
  if (text.length <= argumentMax) return text;
  return `${text.slice(0, argumentMax)} … (${text.length} characters)`;
}

/** Returns what an execution asks, and what was to be done. */
function questionsText(document: ExecutionDocument, paint: Paint): string {
  return openQuestions(document)
    .map((run) => {
      const entries: [string, string][] = [
        ['  task run', run.id],
        ['  intended', run.intendedDate],
        ['  digest', run.digest],
        ['  idempotency key', harmless(run.idempotencyKey)],
        ...Object.entries(run.arguments).map(([name, value]): [string, string] => [
          `  ${harmless(name)}`,
          shortly(value),
        ]),
      ];
      return `${paint('question', 'yellow')}  ${harmless(run.text)}\n${pairs(entries, paint)}`;
    })
    .join('');
}

/** Returns how an execution ended and what it gave. */
export function resultText(document: ExecutionDocument, paint: Paint): string {
  const { error, related = [] } = document;
  const why =
    error === undefined
      ? ''
      : `${paint('error', 'red')}  ${error.taskId === undefined ? '' : `${error.taskId}: `}${harmless(error.message)}\n`;
  const caused =
    related.length === 0
      ? ''
      : `${paint('related', 'bold')}\n${related.map((one) => `  ${executionLine(one, paint)}`).join('')}`;
  return (
    executionLine(document, paint) +
    why +
    questionsText(document, paint) +
    section('outputs', document.outputs, paint) +
    caused
  );
}

/** Returns everything that is worth showing of an execution, its task runs aside. */
export function headText(document: ExecutionDocument, paint: Paint): string {
  const { sign, colour } = lookOf(document.state.current);
  const labels = document.labels.map(({ key, value }) => `${key}=${value}`).join(', ');
  const entries: [string, string][] = [
    ['id', document.id],
    ['flow', `${document.namespace}/${document.flowId}, revision ${document.flowRevision}`],
    ['state', paint(`${sign} ${document.state.current}`, colour)],
    ['created', document.state.histories[0]?.date ?? ''],
    ['changed', document.state.histories.at(-1)?.date ?? ''],
    ['labels', harmless(labels)],
    ['parent', document.parentId ?? ''],
    ['original', document.originalId === document.id ? '' : document.originalId],
  ];
  return (
    pairs(
      entries.filter(([, value]) => value !== ''),
      paint,
    ) + section('inputs', document.inputs, paint)
  );
}
