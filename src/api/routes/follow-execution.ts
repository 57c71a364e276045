/**
 * Following an execution: Kestra's way sends the whole execution whenever it changes, so that whoever
 * comes back has lost nothing; ours sends the entries of the ledger, each with its place, so that whoever
 * comes back goes on behind the last one he has seen.
 */
import { createHappenings, type ServerEvent } from '../server/index.ts';
import type { RouteRequest } from '../server/index.ts';
import { executionAnswer, isEnded } from './execution-answer.ts';

type Following = Pick<RouteRequest, 'view' | 'signal' | 'url' | 'header'> & {
  readonly params: { readonly executionId: string };
};

/** How long a burst of changes is gathered into one event. */
const gatherMs = 20;

/** Gives one signal for each burst of changes of an execution; the first at once. */
async function* changesOf({ view, signal, params }: Following): AsyncIterable<void> {
  const happenings = createHappenings<true>(signal);
  const stop = view.follow((notice) => {
    if (notice.executionId === params.executionId) happenings.add(true);
  });
  // A change of another process, or one that came between, is seen by looking again.
  const timer = setInterval(() => happenings.add(true), 1_000);
  try {
    yield;
    let gathered = Promise.resolve();
    for await (const _change of happenings) {
      await gathered;
      yield;
      gathered = new Promise((resolve) => {
        setTimeout(resolve, gatherMs);
      });
    }
  } finally {
    clearInterval(timer);
    stop();
    happenings.end();
  }
}

/** Returns the events `start`, `progress` with the execution, and `end`. */
export async function* followExecution(request: Following): AsyncIterable<ServerEvent> {
  const { view, url, params } = request;
  yield { id: 'start', data: { id: params.executionId } };
  let last = '';
  for await (const _change of changesOf(request)) {
    const document = await view.execution(params.executionId);
    if (document === undefined) return;
    const text = JSON.stringify(document);
    if (text === last) continue;
    last = text;
    const data = executionAnswer(document, view.tenant, url);
    const isOver = isEnded(document.state.current);
    yield { id: isOver ? 'end' : 'progress', data };
    if (isOver) return;
  }
}

/** Returns the entries of an execution as events, each with its place in the ledger, until it has ended. */
export async function* followEntries(request: Following): AsyncIterable<ServerEvent> {
  const { view, params } = request;
  const from = Number(request.header('last-event-id') ?? 0);
  let last = Number.isSafeInteger(from) && from > 0 ? from : 0;
  for await (const _change of changesOf(request)) {
    for (const entry of await view.entriesAfter(params.executionId, last)) {
      last = entry.seq;
      const { type, actor, at } = entry;
      yield {
        id: String(last),
        event: type,
        data: { seq: last, type, actor, at: new Date(at).toISOString() },
      };
    }
    const record = await view.record(params.executionId);
    if (record === undefined || isEnded(record.state)) return;
  }
}
