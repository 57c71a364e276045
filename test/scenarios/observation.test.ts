/** What the process tells of itself: numbers for Prometheus, traces and logs for OpenTelemetry. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: 'application/x-yaml' });
}

async function collector(): Promise<{ server: Server; url: string; got: Map<string, unknown[]> }> {
  const got = new Map<string, unknown[]>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      got.set(path, [
        ...(got.get(path) ?? []),
        { ...(JSON.parse(text) as object), key: request.headers['x-key'] },
      ]);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

test('numbers and traces tell what happened', async () => {
  const { server, url, got } = await collector();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const world = await startApiServer(
    { SLUICE_TELEMETRY_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=s3cret' },
    folder,
  );
  await save(world, flowText('seen', '  - {id: a, type: core.log.Log, message: told}'));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await world.json('POST', `${executions}/demo/seen?wait=true`, { headers: { traceparent } });
  const numbers = await (await world.call('GET', '/metrics')).text();
  expect(numbers).toMatch(
    /kestra_executor_execution_end_count_total\{tenant_id="main",namespace_id="demo",flow_id="seen",state="SUCCESS"\} 1/,
  );
  expect(numbers).toMatch(
    /^http_server_requests_seconds_count\{method="POST",uri="\/api\/v1\/\{tenant\}\/executions\/\{namespace\}\/\{id\}",status="200"\} 1$/m,
  );
  expect((await fetch(`${world.url}/metrics`)).status).toBe(401);
  await world.server.stop();
  const spans = JSON.stringify(got.get('/v1/traces'));
  expect(spans).toContain('"name":"demo.seen"');
  expect(spans).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"');
  expect(spans).toContain('"key":"s3cret"');
  expect(JSON.stringify(got.get('/v1/logs'))).toContain('"stringValue":"told"');
});
