/** The configuration: what is wrong is told with its place, and every value with where it comes from. */
import { describe, expect, test } from 'vitest';
import {
  readConfiguration,
  type SettingPath,
  settings,
  variableOf,
  withoutSecrets,
} from './configuration.ts';

const read = (text: string, environment: Record<string, string> = {}) =>
  readConfiguration({ file: { name: 'sluice.yaml', text }, environment });

test('without a file and environment everything is as it is by default', () => {
  const { configuration, shown, diagnostics } = readConfiguration({ environment: {} });
  expect(diagnostics).toEqual([]);
  expect(configuration?.server).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    trustedProxies: [],
    corsOrigins: [],
    drainMs: 30_000,
  });
  expect(new Set(shown.map((one) => one.from))).toEqual(new Set(['default', 'not set']));
  expect(shown.map((one) => one.path)).toEqual(Object.keys(settings));
});

test('an option comes before the environment, the environment before the file', () => {
  const file = { name: 'sluice.yaml', text: 'server:\n  port: 1\n  host: a\nlog: {level: warn}\n' };
  const { configuration, shown } = readConfiguration({
    file,
    environment: { SLUICE_SERVER_PORT: '2', SLUICE_SERVER_HOST: 'b' },
    given: { 'server.port': '3' },
  });
  expect(configuration).toMatchObject({ server: { port: 3, host: 'b' }, log: { level: 'warn' } });
  const from = Object.fromEntries(shown.map((one) => [one.path, one.from]));
  expect(from).toMatchObject({
    'server.port': 'option',
    'server.host': 'environment SLUICE_SERVER_HOST',
    'log.level': 'sluice.yaml:4',
  });
});

describe('what is wrong is told with line and column', () => {
  test.each([
    ['server:\n  prot: 8080\n', 2, 3, 'there is no setting `server.prot`'],
    ['sever: {}\n', 1, 1, 'there is no setting `sever`'],
    ['server:\n  port: many\n', 2, 9, '`server.port`'],
    ['server:\n  port: 70000\n', 2, 9, '`server.port`'],
    ['server: 8080\n', 1, 1, '`server` is no map'],
    ['- server\n', 1, 1, 'the file is no map'],
    ['server:\n  drain: soon\n', 2, 10, 'no ISO duration'],
    ['server:\n  corsOrigins: ["https://a.example/path"]\n', 2, 16, 'no origin'],
    ['log:\n  level: loud\n', 2, 10, '`log.level`'],
    ['server:\n  url: ftp://x\n', 2, 8, '`server.url`'],
    ['a: [\n', 2, 1, 'the YAML is wrong'],
    ['server:\n  port: 1\n  port: 2\n', 3, 3, 'the YAML is wrong'],
  ])('%j', (text, line, column, message) => {
    const { configuration, diagnostics } = read(text);
    expect(configuration).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({
      file: 'sluice.yaml',
      line,
      column,
      code: 'config.invalid',
    });
    expect(diagnostics[0]?.message).toContain(message);
    expect(diagnostics[0]?.help).not.toBe('');
  });

  test('in the environment by the name of the variable', () => {
    const { diagnostics } = read('', { SLUICE_SERVER_PORT: 'x' });
    expect(diagnostics[0]?.file).toBe('environment SLUICE_SERVER_PORT');
  });
});

test('a secret is never shown', () => {
  const { shown, configuration } = read('telemetry:\n  headers: {x-key: s3cret}\n');
  expect(configuration?.telemetry.headers).toEqual({ 'x-key': 's3cret' });
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(shown.find((one) => one.path === 'telemetry.headers')?.value).toBe('******');
});

test('every setting has a variable of its own and says what it is for', () => {
  const paths = Object.keys(settings) as SettingPath[];
  expect(new Set(paths.map(variableOf)).size).toBe(paths.length);
  for (const path of paths) expect(settings[path].summary).toMatch(/^[a-z].*[^.]$/);
  expect(variableOf('server.corsOrigins')).toBe('SLUICE_SERVER_CORS_ORIGINS');
});

test('the text beside a diagnostic shows no secret, however the file is written', () => {
  for (const text of [
    'telemetry:\n  headers: key=s3cret\n',
    'telemetry:\n  headers:\n    key: s3cret\n    other: s3cret\n',
    'telemetry: {headers: {key: s3cret}}\n',
    'telemetry:\n  headers: [s3cret\n',
    'identity:\n  providers:\n    - id: a\n      clientSecret: s3cret\n      issuer: x\n',
    'identity:\n  providers:\n    - clientSecret: |\n        s3cret\n      id: a\n',
    'identity:\n  providers: [{id: a, clientSecret: s3cret}]\n',
    'identity:\n  providers: [\n    {id: a, "clientSecret": "s3cret"}]\n',
    'identity:\n  providers:\n    - clientSecret s3cret\n',
  ]) {
    expect([text, withoutSecrets(text).includes('s3cret')]).toEqual([text, false]);
    expect(withoutSecrets(text).split('\n')).toHaveLength(text.split('\n').length);
  }
  const plain = 'server:\n  port: 1\n  host: a\n';
  expect(withoutSecrets(plain)).toBe(plain);
});

test.each(['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8', '10.0.0.1,192.168.0.0/16'])(
  'proxies are trusted by address or network: %s',
  (text) => {
    const { configuration } = readConfiguration({
      environment: { SLUICE_SERVER_TRUSTED_PROXIES: text },
    });
    expect(configuration?.server.trustedProxies).toEqual(text.split(','));
  },
);

test.each([
  'all',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'proxy.example',
  '300.1.1.1',
  '::/129',
])('nothing else is a proxy that is trusted: %s', (text) => {
  const { diagnostics } = readConfiguration({
    environment: { SLUICE_SERVER_TRUSTED_PROXIES: text },
  });
  expect(diagnostics[0]?.message).toContain('no address or network');
});
