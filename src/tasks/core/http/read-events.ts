/**
 * Reads server-sent events out of a stream of bytes, as the HTML standard says: fields end with a line,
 * events with an empty line, and an event that the stream cuts off is not given.
 */

/** An event that a server sent. */
export interface ServerEvent {
  /** The id the server gave last; empty when it gave none. */
  readonly id: string;
  /** The kind of the event; `message` when the server does not say. */
  readonly event: string;
  readonly data: string;
}

/** Turns text that comes in pieces into lines; each kind of line end counts once. */
class LineCutter {
  private rest = '';

  /** Returns the lines that `text` completes. A CR at its end waits, as an LF may follow it. */
  take(text: string, isLast: boolean): string[] {
    const whole = this.rest + text;
    const waits = !isLast && whole.endsWith('\r');
    const lines = (waits ? whole.slice(0, -1) : whole).split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? '') + (waits ? '\r' : '');
    return lines;
  }
}

/** Gathers fields into events. */
class EventGatherer {
  private data: string[] = [];
  private event = '';
  private id = '';

  /** Returns the event that `line` ends, if it ends one. */
  take(line: string): ServerEvent | undefined {
    if (line !== '') {
      this.takeField(line);
      return undefined;
    }
    const { data, event, id } = this;
    this.data = [];
    this.event = '';
    if (data.length === 0) return undefined;
    return { id, event: event === '' ? 'message' : event, data: data.join('\n') };
  }

  private takeField(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.id = value;
  }
}

/** Gives the events of `chunks` as they are complete. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  const cutter = new LineCutter();
  const gatherer = new EventGatherer();
  for await (const chunk of chunks) {
    for (const line of cutter.take(decoder.decode(chunk, { stream: true }), false)) {
      const event = gatherer.take(line);
      if (event !== undefined) yield event;
    }
  }
  for (const line of cutter.take(decoder.decode(), true)) {
    const event = gatherer.take(line);
    if (event !== undefined) yield event;
  }
}
