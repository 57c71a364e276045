/**
 * A question as people write it in test cases and on the command line: short, with the usual filled in,
 * and strict about names.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type ActionId,
  actionTable,
  type ArgumentOrigin,
  type FactName,
  type Facts,
  factTable,
  freshnessBands,
  type Origin,
  type PolicyDiagnostic,
  type PolicyFile,
  type Principal,
  principalKinds,
  type Question,
  resourceTypes,
  type Resource,
  type RoleBinding,
  type Situation,
  takesArguments,
} from '../../core/policy/index.ts';
import { trustLevels } from '../../core/value/index.ts';
import { isMap, readYaml, type YamlMap, YamlReader } from './read-yaml.ts';

type Path = readonly (string | number)[];

/** The keys of a question as people write it. */
export const questionKeys = ['principal', 'action', 'resource', 'facts', 'arguments', 'control'];

const classPattern = /^([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)(?: of (\S+))?$/;

class QuestionReader {
  readonly #reader: YamlReader;
  readonly #tenant: string;

  constructor(reader: YamlReader, tenant: string) {
    this.#reader = reader;
    this.#tenant = tenant;
  }

  /** Roles as a list hold everywhere, as a map each in its namespace. */
  roles(value: unknown, path: Path): readonly RoleBinding[] {
    if (isMap(value)) {
      return Object.entries(value).flatMap(([role, namespace]) => {
        const text = this.#reader.text(namespace, [...path, role], true);
        return text === undefined ? [] : [{ role, namespace: text }];
      });
    }
    return this.#reader.texts(value, path).map((role) => ({ role, namespace: '*' }));
  }

  principal(value: unknown, path: Path): Principal {
    const reader = this.#reader;
    const keys = ['kind', 'id', 'roles', 'groups', 'onBehalfOf', 'factors', 'freshness'];
    const map = reader.map(path, keys, value ?? {}) ?? {};
    const kind = reader.choice(map['kind'] ?? 'user', [...path, 'kind'], principalKinds);
    const freshness = reader.choice(
      map['freshness'] ?? 'fresh',
      [...path, 'freshness'],
      freshnessBands,
    );
    return {
      kind: (kind ?? 'user') as Principal['kind'],
      id: reader.text(map['id'], [...path, 'id'], false) ?? 'somebody',
      tenant: this.#tenant,
      roles: this.roles(map['roles'], [...path, 'roles']),
      groups: reader.texts(map['groups'], [...path, 'groups']),
      onBehalfOf: reader.texts(map['onBehalfOf'], [...path, 'onBehalfOf']),
      authentication: {
        factors:
          map['factors'] === undefined
            ? ['password', 'totp']
            : reader.texts(map['factors'], [...path, 'factors']),
        freshness: (freshness ?? 'old') as Principal['authentication']['freshness'],
      },
    };
  }

  resource(value: unknown, path: Path, action: string): Resource {
    const reader = this.#reader;
    const map = reader.map(path, ['type', 'id', 'namespace', 'tenant'], value ?? {}) ?? {};
    const usual = Object.hasOwn(actionTable, action)
      ? actionTable[action as keyof typeof actionTable].resources[0]
      : 'Task';
    const type = reader.choice(map['type'] ?? usual, [...path, 'type'], resourceTypes);
    const namespace = map['namespace'];
    return {
      type: (type ?? 'Task') as Resource['type'],
      id: reader.text(map['id'], [...path, 'id'], false) ?? 'something',
      tenant: reader.text(map['tenant'], [...path, 'tenant'], false) ?? this.#tenant,
      namespace:
        namespace === null
          ? null
          : (reader.text(namespace, [...path, 'namespace'], false) ?? 'company'),
    };
  }

  origin(value: unknown, path: Path, keys: readonly string[]): Origin & { readonly map: YamlMap } {
    const reader = this.#reader;
    const given = typeof value === 'string' ? { trust: value } : value;
    const map = reader.map(path, ['trust', 'bits', 'classes', ...keys], given) ?? {};
    const trust = reader.choice(map['trust'] ?? 'trusted', [...path, 'trust'], trustLevels);
    const bits = map['bits'] ?? 0;
    if (typeof bits !== 'number') reader.wrong([...path, 'bits'], 'a number');
    const classes = reader.texts(map['classes'], [...path, 'classes']).flatMap((one, at) => {
      const match = classPattern.exec(one);
      if (match !== null) return [{ name: match[1] ?? '', subject: match[2] ?? null }];
      reader.wrong([...path, 'classes', at], 'a class such as `personal.email of customer:7`');
      return [];
    });
    return {
      trust: (trust ?? 'untrusted') as Origin['trust'],
      bits: typeof bits === 'number' ? bits : 0,
      classes,
      map,
    };
  }

  arguments(value: unknown, path: Path): Readonly<Record<string, ArgumentOrigin>> {
    if (!isMap(value)) {
      this.#reader.wrong(path, 'a map from arguments to where they come from');
      return {};
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, one]): [string, ArgumentOrigin] => {
        const { map, ...origin } = this.origin(one, [...path, name], ['isAddressLike']);
        const isAddressLike = map['isAddressLike'] ?? false;
        if (typeof isAddressLike !== 'boolean') {
          this.#reader.wrong([...path, name, 'isAddressLike'], 'true or false');
        }
        return [name, { ...origin, isAddressLike: isAddressLike === true }];
      }),
    );
  }

  facts(value: unknown, path: Path): Facts {
    const reader = this.#reader;
    const map = reader.map(path, Object.keys(factTable), value ?? {}) ?? {};
    const known = Object.entries(map).filter(([name]) => Object.hasOwn(factTable, name));
    for (const [name, one] of known) {
      const { type } = factTable[name as FactName];
      const at = [...path, name];
      if (type === 'text') reader.text(one, at, true);
      else if (type === 'texts') reader.texts(one, at);
      else if (type === 'claim' && typeof one !== 'boolean') reader.wrong(at, 'true or false');
      else if (type === 'number' && !Number.isSafeInteger(one)) reader.wrong(at, 'a whole number');
    }
    return Object.fromEntries(known) as Facts;
  }

  situation(map: YamlMap, path: Path, action: string): Situation {
    const isUsual = takesArguments(action);
    const {
      arguments: given = isUsual ? {} : undefined,
      control = isUsual ? 'trusted' : undefined,
    } = map as { arguments?: unknown; control?: unknown };
    const origin =
      control === undefined ? undefined : this.origin(control, [...path, 'control'], []);
    return {
      ...(given === undefined ? {} : { arguments: this.arguments(given, [...path, 'arguments']) }),
      ...(origin === undefined
        ? {}
        : { control: { trust: origin.trust, bits: origin.bits, classes: origin.classes } }),
      facts: this.facts(map['facts'], [...path, 'facts']),
    };
  }
}

/** Returns the question of `map`, which stands at `path`; what is wrong with it is in `reader`. */
export function questionOf(reader: YamlReader, map: YamlMap, path: Path, tenant: string): Question {
  const parts = new QuestionReader(reader, tenant);
  const action = reader.text(map['action'], [...path, 'action'], true) ?? '';
  if (action !== '' && !Object.hasOwn(actionTable, action) && !action.startsWith('run:')) {
    reader.wrong([...path, 'action'], 'an action; `sluice policy schema` lists them');
  }
  return {
    principal: parts.principal(map['principal'], [...path, 'principal']),
    action: action as ActionId,
    resource: parts.resource(map['resource'], [...path, 'resource'], action),
    situation: parts.situation(map, path, action),
  };
}

function wrongQuestion(diagnostics: readonly PolicyDiagnostic[]): Failure {
  return new Failure('policy.invalid', 'the question has errors', { details: { diagnostics } });
}

/** Returns the question of YAML `text`, as test cases write it; throws `policy.invalid`. */
export function readQuestionText(file: PolicyFile, tenant: string): Question {
  const { document, diagnostics } = readYaml(file);
  if (document !== undefined) {
    const reader = new YamlReader(file, document);
    const map = reader.map([], questionKeys);
    const question = map === undefined ? undefined : questionOf(reader, map, [], tenant);
    if (question !== undefined && reader.diagnostics.length === 0) return question;
    throw wrongQuestion(reader.diagnostics);
  }
  throw wrongQuestion(diagnostics);
}
