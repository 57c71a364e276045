/** Numbers over the executions of a flow: which there are, of which tasks, and how they went over time. */
import { expect, test } from 'vitest';
import { apiServerOfTest, flowText } from '../support/api-server.ts';

test('numbers of a flow are named, found by task and put together over time', async () => {
  const world = await apiServerOfTest();
  const task = (id: string, value: number): string => `  - id: ${id}
    type: core.metric.Publish
    metrics: [{ name: amount, type: counter, value: ${value} }]`;
  await world.json('POST', '/api/v1/main/flows', {
    type: 'application/x-yaml',
    body: flowText('counting', `${task('one', 2)}\n${task('two', 5)}`),
  });
  for (let run = 0; run < 3; run += 1) {
    const ran = await world.json('POST', '/api/v1/main/executions/demo/counting?wait=true');
    expect(ran).toMatchObject({ state: { current: 'SUCCESS' } });
  }
  const metrics = '/api/v1/main/metrics';
  const of = 'demo/counting';
  expect(await world.json('GET', `${metrics}/names/${of}`)).toEqual(['amount']);
  expect(await world.json('GET', `${metrics}/names/${of}/nothing`)).toEqual([]);
  expect(await world.json('GET', `${metrics}/tasks/${of}`)).toEqual(['one', 'two']);
  const total = async (path: string) => {
    const { aggregations } = await world.json<{ aggregations: { value: number }[] }>(
      'GET',
      `${metrics}/aggregates/${of}/${path}`,
    );
    return aggregations.map(({ value }) => value);
  };
  expect(await total('amount')).toEqual([21]);
  expect(await total('two/amount')).toEqual([15]);
  expect(await total('two/amount?aggregation=avg')).toEqual([5]);
  expect(await total('one/amount?aggregation=max')).toEqual([2]);
  expect(await total('nothing')).toEqual([]);
  const past = 'startDate=2020-01-02T00:00:00Z&endDate=2020-01-01T00:00:00Z';
  const wrong = await world.call('GET', `${metrics}/aggregates/${of}/amount?${past}`);
  expect(wrong.status).toBe(400);
});
