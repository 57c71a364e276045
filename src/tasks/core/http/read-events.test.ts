/** Tests of reading server-sent events, however the bytes of the stream are cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents, type ServerEvent } from './read-events.ts';

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function eventsOf(text: string, sizes: readonly number[] = []): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const bytes = new TextEncoder().encode(text);
  for await (const event of readEvents(pieces(bytes, sizes))) events.push(event);
  return events;
}

test('gives events with their kind and id, and nothing of comments', async () => {
  expect(
    await eventsOf(': hello\nevent: price\nid: 7\ndata: {"sku":\ndata:  "J-1"}\n\ndata: x\r\n\r\n'),
  ).toEqual([
    { id: '7', event: 'price', data: '{"sku":\n "J-1"}' },
    { id: '7', event: 'message', data: 'x' },
  ]);
});

test('gives no event without data, and none that the stream cuts off', async () => {
  expect(await eventsOf('event: none\n\ndata: kept\n\ndata: cut')).toEqual([
    { id: '', event: 'message', data: 'kept' },
  ]);
  expect(await eventsOf('retry: 10\nunknown\n\n')).toEqual([]);
});

test('gives the same events wherever the bytes are cut', async () => {
  const text = 'event: größe\r\ndata: ä\r\rid: 2\r\ndata: b\ndata\n\n';
  const whole = await eventsOf(text);
  expect(whole).toHaveLength(2);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(6)), async (sizes) => {
      expect(await eventsOf(text, sizes)).toEqual(whole);
    }),
  );
});
