/**
 * The official client of Kestra. Its package as it was published lacks four of its own model files and
 * cannot be loaded; they get a stand-in here that keeps what it is given, and nothing else is touched.
 */
import { createRequire, registerHooks } from 'node:module';

type Callback = (
  error: Error | null,
  data: unknown,
  response: { readonly text: string; readonly status: number } | undefined,
) => void;

type Operation = (...parts: unknown[]) => void;

/** The client: operations by the interface they belong to. */
export type KestraClient = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

type ClientClass = new (
  host: string,
  token: string | null,
  name: string | null,
  password: string | null,
) => KestraClient;

const absent = [
  'SLALabels',
  'MiscControllerEdition',
  'LeftSidebarConfiguration',
  'RightSidebarConfiguration',
];

/** Names the stand-in; there is no such file. */
const standIn = new URL('./absent-model.cjs', import.meta.url).href;

const standInSource =
  'exports.default = class { static constructFromObject(given) { return given; } static validateJSON() { return true; } };';

/** Returns a client of the server at `host`. */
export function kestraClient(host: string, name: string, password: string): KestraClient {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const model = specifier.split('/').at(-1) ?? '';
      const isOfClient = context.parentURL?.includes('/@kestra-io/kestra-sdk/') ?? false;
      if (isOfClient && absent.includes(model)) return { url: standIn, shortCircuit: true };
      return next(specifier, context);
    },
    load(url, context, next) {
      if (url !== standIn) return next(url, context);
      return { format: 'commonjs', source: standInSource, shortCircuit: true };
    },
  });
  try {
    const required = createRequire(import.meta.url)(
      '@kestra-io/kestra-sdk/dist/KestraClient.js',
    ) as { default: ClientClass };
    return new required.default(host, null, name, password);
  } finally {
    hooks.deregister();
  }
}

/** Calls an operation of the client; gives what it made of the answer, and the answer as it came. */
export function callClient<T>(
  client: KestraClient,
  api: string,
  operation: string,
  ...parts: unknown[]
): Promise<{ readonly data: T; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const done: Callback = (error, data, response) => {
      const text = response?.text ?? '';
      if (error === null) resolve({ data: data as T, text });
      else reject(new Error(`${operation}: ${error.message} ${text}`));
    };
    client[api]?.[operation]?.(...parts, done);
  });
}
