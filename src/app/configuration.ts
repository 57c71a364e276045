/**
 * How a server is set up: one YAML file and the environment, read into one shape. What is wrong is told
 * as a flow's diagnostics are: file, line, column, help. Where each value comes from stays known.
 *
 * INVARIANT: a key that means nothing is an error; a secret is never shown.
 */
import { isIP } from 'node:net';
import { isMap, isPair, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { type Diagnostic, parseDuration } from '../core/flow/index.ts';

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0) return ms;
  context.addIssue({ code: 'custom', message: 'is no ISO duration like `PT30S`' });
  return z.NEVER;
});

/** Texts: a list in the file, separated by commas in the environment. */
const texts = z
  .union([z.array(z.string()), z.string()])
  .transform((value) =>
    (Array.isArray(value) ? value : value.split(',')).map((one) => one.trim()).filter(Boolean),
  );

const headers = z
  .union([z.record(z.string(), z.string()), z.string()])
  .transform((value, context) => {
    if (typeof value !== 'string') return value;
    const pairs = value.split(',').map((one) => one.trim().split('='));
    if (pairs.every(([name, text]) => (name ?? '') !== '' && text !== undefined)) {
      return Object.fromEntries(pairs.map(([name, ...rest]) => [name ?? '', rest.join('=')]));
    }
    context.addIssue({ code: 'custom', message: 'is not `name=value,name=value`' });
    return z.NEVER;
  });

const origin = texts.refine(
  (all) => all.every((one) => URL.canParse(one) && new URL(one).origin === one),
  {
    message: 'holds something that is no origin like `https://console.example`',
  },
);

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const kind = isIP(address);
  const isShort =
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128));
  return kind !== 0 && rest.length === 0 && isShort;
}

const proxies = texts.refine((all) => all.every(isNetwork), {
  message: 'holds something that is no address or network like `10.0.0.0/8`',
});

const provider = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'is no name like `corporate`'),
  title: z.string().min(1).max(100),
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scopes: z.array(z.string()).default(['profile', 'email']),
  tenant: z.string().default('main'),
  provisioning: z.boolean().default(false),
  groupsClaim: z.string().min(1).default('groups'),
  linkClaim: z.string().min(1).optional(),
  groupRoles: z
    .array(
      z.strictObject({
        group: z.string(),
        role: z.string().refine((role) => role !== 'local-owner', 'belongs to the command line'),
        namespace: z.string().default('*'),
      }),
    )
    .default([]),
});

/** A login provider as it is set up. */
export type ProviderSettings = z.output<typeof provider>;

const providers = z
  .union([z.array(provider), z.string()])
  .transform((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      const read = z.array(provider).safeParse(JSON.parse(value));
      if (read.success) return read.data;
    } catch {
      // No JSON: told below like any other wrong value.
    }
    context.addIssue({ code: 'custom', message: 'is no JSON list of providers' });
    return z.NEVER;
  })
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'names one id twice')
  .refine(
    (all) => new Set(all.map(({ issuer }) => issuer)).size === all.length,
    'names one issuer twice',
  );

/** A setting: what it is for, what it may be, and what it is when nobody says. */
interface Setting {
  readonly summary: string;
  readonly schema: z.ZodType;
  readonly byDefault?: string | number | readonly string[];
  readonly isSecret?: boolean;
}

const bytes = z.coerce
  .number()
  .int()
  .min(1_024)
  .max(10 * 1024 ** 3);
const count = z.coerce.number().int().min(1).max(10_000_000);

/** Every setting, by its path in the file. */
export const settings = {
  'server.host': {
    summary: 'the address that is listened on; others than loopback let other machines in',
    schema: z.string().min(1),
    byDefault: '127.0.0.1',
  },
  'server.port': {
    summary: 'the port; 0 takes a free one',
    schema: z.coerce.number().int().min(0).max(65_535),
    byDefault: 8080,
  },
  'server.url': {
    summary: 'where clients reach the server, when that is not where it listens',
    schema: z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, '')),
  },
  'server.hosts': {
    summary: 'further names under which a server on loopback is reached',
    schema: texts,
    byDefault: [],
  },
  'server.trustedProxies': {
    summary: 'addresses or networks of proxies whose `X-Forwarded-For` is believed',
    schema: proxies,
    byDefault: [],
  },
  'server.corsOrigins': {
    summary: 'origins whose pages may use the API',
    schema: origin,
    byDefault: [],
  },
  'server.bodyBytesMax': {
    summary: 'the largest body that is no form',
    schema: bytes,
    byDefault: 2 * 1024 ** 2,
  },
  'server.uploadBytesMax': {
    summary: 'the most that the files of a form may hold together',
    schema: bytes,
    byDefault: 100 * 1024 ** 2,
  },
  'server.requestsPerMinute': {
    summary: 'how many requests each principal may send in the long run',
    schema: count,
    byDefault: 3_000,
  },
  'server.requestBurst': {
    summary: 'how many it may send at once',
    schema: count,
    byDefault: 300,
  },
  'server.drain': {
    summary: 'how long stopping waits for what runs',
    schema: duration,
    byDefault: 'PT30S',
  },
  'identity.sessionIdle': {
    summary: 'how long a session lasts without a request',
    schema: duration,
    byDefault: 'PT30M',
  },
  'identity.sessionTotal': {
    summary: 'how long a session lasts in any case',
    schema: duration,
    byDefault: 'PT12H',
  },
  'identity.sessionBinding': {
    summary: 'what ends a session when it changes: the browser, it and the network, or nothing',
    schema: z.enum(['none', 'browser', 'browser-and-network']),
    byDefault: 'browser',
  },
  'identity.providers': {
    summary: 'login providers (OpenID Connect) with their clients and how groups become roles',
    schema: providers,
    isSecret: true,
  },
  'server.housekeeping': {
    summary: 'how often what has had its time is erased and the ledger is signed and anchored',
    schema: duration.refine((ms) => ms >= 1_000, { message: 'is shorter than a second' }),
    byDefault: 'PT1H',
  },
  'log.level': {
    summary: 'the least severe lines that are written',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    byDefault: 'info',
  },
  'backups.folder': {
    summary: 'where backups that are asked for over the API are kept; best on another disk',
    schema: z.string().min(1),
  },
  'telemetry.endpoint': {
    summary: 'where traces and logs are sent (OTLP over HTTP), without `/v1/traces`',
    schema: z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, '')),
  },
  'telemetry.headers': {
    summary: 'headers that go with them, like a key',
    schema: headers,
    isSecret: true,
  },
  'telemetry.serviceName': {
    summary: 'the name under which they are shown',
    schema: z.string().min(1),
    byDefault: 'sluice',
  },
} as const satisfies Record<string, Setting>;

/** The path of a setting. */
export type SettingPath = keyof typeof settings;

/** The environment that standards already name; ours come first. */
const standardNames: Partial<Record<SettingPath, string>> = {
  'telemetry.endpoint': 'OTEL_EXPORTER_OTLP_ENDPOINT',
  'telemetry.headers': 'OTEL_EXPORTER_OTLP_HEADERS',
  'telemetry.serviceName': 'OTEL_SERVICE_NAME',
};

/** How a server is set up. */
export interface Configuration {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly url: string | undefined;
    readonly hosts: readonly string[];
    readonly trustedProxies: readonly string[];
    readonly corsOrigins: readonly string[];
    readonly bodyBytesMax: number;
    readonly uploadBytesMax: number;
    readonly requestsPerMinute: number;
    readonly requestBurst: number;
    readonly drainMs: number;
    readonly housekeepingMs: number;
  };
  readonly identity: {
    readonly sessionIdleMs: number;
    readonly sessionTotalMs: number;
    readonly sessionBinding: 'none' | 'browser' | 'browser-and-network';
    readonly providers: readonly ProviderSettings[];
  };
  readonly log: { readonly level: string };
  readonly backups: { readonly folder: string | undefined };
  readonly telemetry: {
    readonly endpoint: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly serviceName: string;
  };
}

/** A setting as it stands. */
export interface ShownSetting {
  readonly path: SettingPath;
  readonly summary: string;
  /** As text; stars for a secret; empty when it is not set. */
  readonly value: string;
  /** `default`, `environment NAME`, `option`, or the file with the line. */
  readonly from: string;
}

/** What a configuration was read from. */
export interface ConfigurationSources {
  readonly file?: { readonly name: string; readonly text: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the command line says. */
  readonly given?: Partial<Record<SettingPath, string>>;
}

/** A configuration, or what is wrong with it. */
export interface ReadConfiguration {
  readonly configuration?: Configuration;
  readonly shown: readonly ShownSetting[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Found {
  readonly value: unknown;
  readonly from: string;
  readonly line: number;
  readonly column: number;
}

/** Returns the name of the variable that sets `path`: `SLUICE_SERVER_PORT`. */
export function variableOf(path: SettingPath): string {
  const words = path.replaceAll(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_');
  return `SLUICE_${words.toUpperCase()}`;
}

const paths = Object.keys(settings) as SettingPath[];

class ConfigurationReading {
  readonly found = new Map<SettingPath, Found>();
  readonly diagnostics: Diagnostic[] = [];
  readonly sources: ConfigurationSources;

  constructor(sources: ConfigurationSources) {
    this.sources = sources;
    this.#readFile();
    this.#readEnvironment();
    for (const [path, value] of Object.entries(sources.given ?? {})) {
      this.found.set(path as SettingPath, { value, from: 'option', line: 1, column: 1 });
    }
  }

  report(path: string, message: string, help: string, place?: Partial<Found>): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'config.invalid',
      file: place?.from ?? this.sources.file?.name ?? 'configuration',
      line: place?.line ?? 1,
      column: place?.column ?? 1,
      path,
      message,
      help,
    });
  }

  #readFile(): void {
    const { file } = this.sources;
    if (file === undefined) return;
    const lines = new LineCounter();
    const document = parseDocument(file.text, { lineCounter: lines, uniqueKeys: true });
    const at = (offset: number) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col), from: file.name };
    };
    for (const error of document.errors) {
      const what = (error.message.split('\n')[0] ?? '')
        .replace(/ at line \d+.*$/, '')
        .replace(/:$/, '');
      this.report(
        '',
        `the YAML is wrong: ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
        'mend the YAML',
        at(error.pos[0]),
      );
    }
    if (document.errors.length > 0 || document.contents === null) return;
    if (isMap(document.contents)) this.#readMap(document.contents, '', at);
    else
      this.report(
        '',
        'the file is no map of settings',
        'write `server:` and below it its settings',
        at(0),
      );
  }

  #readMap(
    map: YAMLMap,
    prefix: string,
    at: (offset: number) => { line: number; column: number; from: string },
  ): void {
    for (const pair of map.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const path = `${prefix}${String(pair.key.value)}`;
      const place = at(pair.key.range?.[0] ?? 0);
      const isSection = paths.some((one) => one.startsWith(`${path}.`));
      const { value } = pair;
      if (Object.hasOwn(settings, path)) {
        const plain: unknown =
          isMap(value) || !isScalar(value) ? (value as YAMLMap | null)?.toJSON() : value.value;
        const line = at((value as { range?: [number] | null } | null)?.range?.[0] ?? 0);
        this.found.set(path as SettingPath, { value: plain, ...line });
      } else if (isSection && isMap(value)) {
        this.#readMap(value, `${path}.`, at);
      } else if (isSection) {
        this.report(path, `\`${path}\` is no map`, `write its settings below it`, place);
      } else {
        const known = paths.filter((one) => one.startsWith(prefix)).map((one) => `\`${one}\``);
        this.report(
          path,
          `there is no setting \`${path}\``,
          `there are ${known.join(', ')}`,
          place,
        );
      }
    }
  }

  #readEnvironment(): void {
    for (const path of paths) {
      for (const name of [variableOf(path), standardNames[path]]) {
        const value = name === undefined ? undefined : this.sources.environment[name];
        if (value === undefined || value === '') continue;
        this.found.set(path, { value, from: `environment ${name}`, line: 1, column: 1 });
        break;
      }
    }
  }

  /** Returns the values by path, checked. */
  values(): Map<SettingPath, unknown> {
    const values = new Map<SettingPath, unknown>();
    for (const path of paths) {
      const setting: Setting = settings[path];
      const found = this.found.get(path);
      const value = found === undefined ? setting.byDefault : found.value;
      if (value === undefined) continue;
      const read = setting.schema.safeParse(value);
      if (read.success) {
        values.set(path, read.data);
        continue;
      }
      const why = read.error.issues[0]?.message ?? 'is not valid';
      const message = `\`${path}\`: ${why.charAt(0).toLowerCase()}${why.slice(1).replace(/\.$/, '')}`;
      this.report(path, message, `it is ${setting.summary}`, found);
    }
    return values;
  }

  shown(): readonly ShownSetting[] {
    return paths.map((path) => {
      const setting: Setting = settings[path];
      const found = this.found.get(path);
      const value = found === undefined ? setting.byDefault : found.value;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const isFile = found !== undefined && found.from === this.sources.file?.name;
      const byDefault = value === undefined ? 'not set' : 'default';
      return {
        path,
        summary: setting.summary,
        value: value === undefined ? '' : setting.isSecret === true ? '******' : text,
        from: found === undefined ? byDefault : isFile ? `${found.from}:${found.line}` : found.from,
      };
    });
  }
}

/** Reads a configuration. */
export function readConfiguration(sources: ConfigurationSources): ReadConfiguration {
  const reading = new ConfigurationReading(sources);
  const values = reading.values();
  const shown = reading.shown();
  if (reading.diagnostics.length > 0) return { shown, diagnostics: reading.diagnostics };
  const get = <T>(path: SettingPath): T => values.get(path) as T;
  return {
    shown,
    diagnostics: [],
    configuration: {
      server: {
        host: get('server.host'),
        port: get('server.port'),
        url: get('server.url'),
        hosts: get('server.hosts'),
        trustedProxies: get('server.trustedProxies'),
        corsOrigins: get('server.corsOrigins'),
        bodyBytesMax: get('server.bodyBytesMax'),
        uploadBytesMax: get('server.uploadBytesMax'),
        requestsPerMinute: get('server.requestsPerMinute'),
        requestBurst: get('server.requestBurst'),
        drainMs: get('server.drain'),
        housekeepingMs: get('server.housekeeping'),
      },
      identity: {
        sessionIdleMs: get('identity.sessionIdle'),
        sessionTotalMs: get('identity.sessionTotal'),
        sessionBinding: get('identity.sessionBinding'),
        providers: values.has('identity.providers') ? get('identity.providers') : [],
      },
      log: { level: get('log.level') },
      backups: { folder: get('backups.folder') },
      telemetry: {
        endpoint: get('telemetry.endpoint'),
        headers: values.has('telemetry.headers') ? get('telemetry.headers') : {},
        serviceName: get('telemetry.serviceName'),
      },
    },
  };
}

const secretKey = /^(.*?\b(?:clientSecret|headers|providers)\b['"]?\s*:?)(.*\S.*)$/;
const sectionKey = /^\s*(?:-\s*)?['"]?(headers|clientSecret)['"]?\s*:/;

/**
 * Returns the text of a configuration as it may be shown beside a diagnostic: what stands behind the name of
 * a secret, or below it, is stars, also where the YAML is broken.
 */
export function withoutSecrets(text: string): string {
  let hiddenBelow = -1;
  const lines = text.split('\n').map((line) => {
    const indent = line.search(/\S/);
    if (indent < 0) return line;
    if (hiddenBelow >= 0 && indent > hiddenBelow) return `${' '.repeat(indent)}******`;
    hiddenBelow = sectionKey.test(line) ? indent : -1;
    const match = secretKey.exec(line);
    return match === null ? line : `${match[1] ?? ''} ******`;
  });
  return lines.join('\n');
}
