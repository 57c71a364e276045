/**
 * Server-sent events: text for one event, and what turns things that happen into a stream that whoever
 * is slow cannot make grow without end.
 */

/** An event as it is sent. */
export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

/** Returns `event` as it is sent. */
export function eventText({ id, event, data }: ServerEvent): string {
  const name = event === undefined ? '' : `event: ${oneLine(event)}\n`;
  const mark = id === undefined ? '' : `id: ${oneLine(id)}\n`;
  return `${name}${mark}data: ${JSON.stringify(data)}\n\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}

/** What is sent when nothing happens, so that nobody in between takes the stream for dead. */
export const heartbeat = ': alive\n\n';

const waitingMax = 10_000;

/** Things that happen, for one who takes them one by one. */
export interface Happenings<T> extends AsyncIterable<T> {
  /** Adds one; a taker who is too far behind is cut off. */
  add(one: T): void;
  end(): void;
}

/** Returns an empty queue of happenings; it ends when `signal` is aborted. */
export function createHappenings<T>(signal: AbortSignal): Happenings<T> {
  const waiting: T[] = [];
  let isOver = signal.aborted;
  let wake: (() => void) | undefined;
  const end = (): void => {
    isOver = true;
    wake?.();
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    add(one) {
      if (isOver) return;
      if (waiting.length >= waitingMax) {
        end();
        return;
      }
      waiting.push(one);
      wake?.();
    },
    end,
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          while (waiting.length > 0 && !signal.aborted) yield waiting.shift() as T;
          if (isOver) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      } finally {
        isOver = true;
        signal.removeEventListener('abort', end);
      }
    },
  };
}
