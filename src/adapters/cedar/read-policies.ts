/**
 * Cedar text to policies, or to diagnostics with line and column. Everything that could be read in two
 * ways is refused: templates, policies without a name, unknown annotations, attributes that nothing has.
 */
import type {
  DetailedError,
  PolicyJson,
  SchemaJson,
  ValidationAnswer,
} from '@cedar-policy/cedar-wasm/nodejs';
import {
  type Annotations,
  type PolicyDiagnostic,
  type PolicyEntry,
  type PolicyFile,
  type PolicyPack,
  type PolicySet,
  readAnnotations,
} from '../../core/policy/index.ts';
import type { Cedar } from './cedar-library.ts';
import { type PolicyReads, readsOf } from './condition-reads.ts';
import { createTextPlaces, type TextPlaces } from './text-places.ts';
import { refusedText } from './refuse-text.ts';

/** A policy that was read, with what the engine needs of it. */
export interface CedarPolicy {
  readonly entry: PolicyEntry;
  readonly json: PolicyJson;
  readonly reads: PolicyReads;
  /** The Cedar types of principals it may decide about. */
  readonly principals: readonly string[];
}

/** What a schema allows, for looking up. */
interface SchemaIndex {
  readonly schema: SchemaJson<string>;
  /** The resource types of each action that can be asked about. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly principals: readonly string[];
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
}

const policiesMax = 2_000;

/** Calls the library; undefined when what it was given broke it. */
export type CallCedar = <T>(work: (cedar: Cedar) => T) => T | undefined;

const tooComplex = {
  code: 'policy.too-complex',
  message: 'the conditions are nested too deeply',
  help: 'write several smaller policies',
};

function attributesOf(shape: unknown): ReadonlySet<string> {
  const attributes = (shape as { attributes?: Record<string, unknown> } | undefined)?.attributes;
  const names = new Set<string>();
  for (const [name, type] of Object.entries(attributes ?? {})) {
    names.add(name);
    if (name === 'args') for (const inner of attributesOf(type)) names.add(`args.${inner}`);
  }
  return names;
}

/** Returns what `schema` allows, for looking up. */
export function indexSchema(schema: SchemaJson<string>): SchemaIndex {
  const resources = new Map<string, readonly string[]>();
  const groups = new Map<string, string[]>();
  const attributes = new Map<string, ReadonlySet<string>>();
  const { actions = {}, entityTypes = {} } = schema[''] ?? {};
  const parents = (id: string): readonly string[] =>
    (actions[id]?.memberOf ?? []).flatMap((one) => [one.id, ...parents(one.id)]);
  for (const [id, { appliesTo }] of Object.entries(actions)) {
    if (appliesTo === undefined) continue;
    resources.set(id, appliesTo.resourceTypes);
    attributes.set(`context ${id}`, attributesOf(appliesTo.context));
    for (const parent of parents(id)) groups.set(parent, [...(groups.get(parent) ?? []), id]);
  }
  for (const [type, entity] of Object.entries(entityTypes)) {
    attributes.set(type, attributesOf('shape' in entity ? entity.shape : undefined));
  }
  const principals = new Set(
    Object.values(actions).flatMap((one) => one.appliesTo?.principalTypes ?? []),
  );
  return { schema, resources, groups, principals: [...principals], attributes };
}

interface Found {
  readonly pack: PolicyPack;
  readonly file: PolicyFile;
  readonly text: string;
  readonly places: TextPlaces;
  /** Where the policy begins in its file, in characters. */
  readonly start: number;
  readonly json: PolicyJson;
  readonly annotations: Annotations;
}

function sentence(message: string): string {
  return message
    .replace(/^for policy `[^`]*`, /, '')
    .replace(/^failed to parse policy with id `[^`]*` from string: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

class PolicyReader {
  readonly diagnostics: PolicyDiagnostic[] = [];
  readonly found: Found[] = [];
  readonly #call: CallCedar;
  readonly #index: SchemaIndex;

  constructor(call: CallCedar, index: SchemaIndex) {
    this.#call = call;
    this.#index = index;
  }

  report(
    file: PolicyFile,
    place: { readonly line: number; readonly column: number },
    problem: { readonly code: string; readonly message: string; readonly help: string },
    severity: 'error' | 'warning' = 'error',
  ): void {
    const { line, column } = place;
    this.diagnostics.push({ severity, ...problem, file: file.path, line, column });
  }

  file(pack: PolicyPack, file: PolicyFile): void {
    const places = createTextPlaces(file.text);
    const refused = refusedText(file.text);
    if (refused !== undefined) {
      this.report(file, places.at(refused.at), refused);
      return;
    }
    const parts = this.#call((cedar) => cedar.policySetTextToParts(file.text));
    if (parts === undefined) {
      this.report(file, places.at(0), tooComplex);
      return;
    }
    if (parts.type === 'failure') {
      for (const one of parts.errors) this.#parseError(file, places, one);
      return;
    }
    let after = 0;
    for (const text of parts.policy_templates) {
      this.report(file, places.at(Math.max(0, file.text.indexOf(text))), {
        code: 'policy.template-refused',
        message: 'a template is no policy',
        help: 'write the principal and the resource out instead of `?principal` and `?resource`',
      });
    }
    const taken = new Set<number>();
    for (const text of parts.policies) {
      let start = file.text.indexOf(text);
      while (taken.has(start)) start = file.text.indexOf(text, start + 1);
      taken.add(start);
      after += 1;
      this.#policy(pack, file, places, text, Math.max(0, start));
    }
    if (after === 0 && parts.policy_templates.length === 0) {
      this.report(
        file,
        places.at(0),
        { code: 'policy.file-empty', message: 'the file holds no policy', help: 'remove the file' },
        'warning',
      );
    }
  }

  #parseError(file: PolicyFile, places: TextPlaces, error: DetailedError): void {
    const at = error.sourceLocations?.[0];
    const expected = at?.label === null || at?.label === undefined ? '' : `; ${at.label}`;
    this.report(file, places.atByte(at?.start ?? 0), {
      code: 'policy.syntax-wrong',
      message: `${sentence(error.message)}${expected.slice(0, 200)}`,
      help: error.help ?? 'mend the text at this place; the language is Cedar',
    });
  }

  #policy(
    pack: PolicyPack,
    file: PolicyFile,
    places: TextPlaces,
    text: string,
    start: number,
  ): void {
    const read = this.#call((cedar) => cedar.policyToJson(text));
    if (read === undefined) {
      this.report(file, places.at(start), tooComplex);
      return;
    }
    if (read.type === 'failure') {
      for (const one of read.errors) this.#parseError(file, places, one);
      return;
    }
    const { json } = read;
    const { annotations, problems } = readAnnotations(json.annotations ?? {}, json.effect);
    for (const one of problems) this.report(file, places.at(start), one);
    this.found.push({ pack, file, text, places, start, json, annotations });
  }

  /** Refuses ids that stand twice; which of the two was meant cannot be known. */
  duplicates(): void {
    const seen = new Map<string, Found>();
    for (const one of this.found) {
      const { id } = one.annotations;
      const first = seen.get(id);
      seen.set(id, first ?? one);
      if (first === undefined || id === '') continue;
      this.report(one.file, one.places.at(one.start), {
        code: 'policy.id-duplicate',
        message: `\`${id}\` names two policies, the other is in ${first.file.path}`,
        help: 'give each policy its own `@id`',
      });
    }
  }

  validate(): void {
    if (this.found.length === 0) return;
    const answer = this.#validated(this.found);
    if (answer === undefined && this.found.length > 1) {
      for (const one of this.found) this.#judge([one], this.#validated([one]));
    } else this.#judge(this.found, answer);
  }

  #validated(found: readonly Found[]): ValidationAnswer | undefined {
    const staticPolicies = Object.fromEntries(found.map(({ text }, at) => [`p${at}`, text]));
    return this.#call((cedar) =>
      cedar.validate({
        schema: this.#index.schema,
        policies: { staticPolicies },
        validationSettings: { mode: 'strict' },
      }),
    );
  }

  #judge(found: readonly Found[], answer: ValidationAnswer | undefined): void {
    const [first] = found;
    if (first === undefined) return;
    if (answer === undefined) {
      this.report(first.file, first.places.at(first.start), tooComplex);
      return;
    }
    if (answer.type === 'failure') {
      for (const one of answer.errors) this.#parseError(first.file, first.places, one);
      return;
    }
    // A policy that can never apply is a mistake: whoever wrote it believes it guards something.
    const failed = [
      ...answer.validationErrors.map((one) => ({ ...one, code: 'policy.type-wrong' })),
      ...answer.validationWarnings.map((one) => ({ ...one, code: 'policy.never-applies' })),
    ];
    const told = new Set<string>();
    for (const { policyId, error, code } of failed) {
      const one = found[Number(policyId.slice(1))];
      // The same place is wrong once for each action and kind of principal; saying it once is enough.
      const at = error.sourceLocations?.[0]?.start ?? 0;
      const place = code === 'policy.never-applies' ? policyId : `${policyId} ${at}`;
      if (one === undefined || told.has(policyId) || told.has(place)) continue;
      told.add(place);
      const { places, start, file, text } = one;
      const inside = createTextPlaces(text).charactersOf(at);
      this.report(file, places.at(start + inside), {
        code,
        message: sentence(error.message),
        help: error.help ?? 'look at the attributes of the action: `sluice policy schema`',
      });
    }
  }

  /** Returns the actions of a scope. */
  actionsOf({ action }: PolicyJson): readonly string[] {
    if (action.op === 'All') return [...this.#index.resources.keys()];
    const named =
      'entities' in action ? action.entities : 'entity' in action ? [action.entity] : [];
    const ids = named.map((one) => ('__entity' in one ? one.__entity.id : one.id));
    const isExact = action.op === '==';
    const all = ids.flatMap((id) => [
      ...(this.#index.resources.has(id) ? [id] : []),
      ...(isExact ? [] : (this.#index.groups.get(id) ?? [])),
    ]);
    return [...new Set(all)];
  }

  /** Returns the types of a scope of principals or resources. */
  typesOf(scope: PolicyJson['principal'], all: readonly string[]): readonly string[] {
    if (scope.op === 'is') return all.filter((one) => one === scope.entity_type);
    // A type is no member of anything, so a named entity has exactly its own type.
    if (scope.op === '==' && 'entity' in scope) {
      const { entity } = scope;
      const { type } = '__entity' in entity ? entity.__entity : entity;
      return all.filter((one) => one === type);
    }
    return all;
  }

  policy(one: Found): CedarPolicy {
    const { json, annotations, pack, file, places, start, text } = one;
    const reads = readsOf(json);
    const actions = this.actionsOf(json);
    const possible = [...new Set(actions.flatMap((id) => this.#index.resources.get(id) ?? []))];
    const resources = this.typesOf(json.resource as PolicyJson['principal'], possible);
    const principals = this.typesOf(json.principal, this.#index.principals);
    this.#unknownAttributes(one, reads, actions, resources, principals);
    if (reads.asksActionGroup) {
      this.report(file, places.at(start), {
        code: 'policy.action-in-condition',
        message: 'a condition asks for a group of actions',
        help: 'name the actions in the head of the policy, or compare with `==`',
      });
    }
    if (json.effect === 'forbid' && !annotations.passesMissing) this.#openGuards(one, reads);
    const context = [...reads.paths].filter((path) => path.startsWith('context.'));
    const entry: PolicyEntry = {
      id: annotations.id,
      pack: pack.id,
      title: annotations.title,
      reason: annotations.reason,
      effect: json.effect,
      mode: annotations.mode ?? pack.mode,
      obligations: annotations.obligations,
      ...(annotations.control !== undefined && { control: annotations.control }),
      file: file.path,
      line: places.at(start).line,
      text,
      actions: actions.toSorted(),
      resources: resources.toSorted(),
      reads: context.map((path) => path.slice('context.'.length)).toSorted(),
    };
    return { entry, json, reads, principals };
  }

  #unknownAttributes(
    { file, places, start }: Found,
    { paths }: PolicyReads,
    actions: readonly string[],
    resources: readonly string[],
    principals: readonly string[],
  ): void {
    const shapes = {
      principal: principals,
      resource: resources,
      context: actions.map((id) => `context ${id}`),
    };
    for (const path of paths) {
      const [variable = '', ...rest] = path.split('.');
      const name = rest.join('.');
      const owners = shapes[variable as keyof typeof shapes];
      if (owners.some((owner) => this.#index.attributes.get(owner)?.has(name) === true)) continue;
      this.report(file, places.at(start), {
        code: 'policy.attribute-unknown',
        message: `nothing that the policy is about has \`${path}\``,
        help: 'a condition on it never holds; look at the attributes with `sluice policy schema`',
      });
    }
  }

  #openGuards({ file, places, start }: Found, { passes }: PolicyReads): void {
    for (const path of passes) {
      this.report(
        file,
        places.at(start),
        {
          code: 'policy.missing-passes',
          message: `the forbid does not apply where \`${path}\` is missing`,
          help: 'write `unless { context has x && … }`, or say that it is meant with `@missing("passes")`',
        },
        'warning',
      );
    }
  }
}

/** Returns the policies of `set` and what is wrong with them. */
export function readPolicies(
  call: CallCedar,
  index: SchemaIndex,
  set: PolicySet,
): {
  readonly policies: readonly CedarPolicy[];
  readonly diagnostics: readonly PolicyDiagnostic[];
} {
  const reader = new PolicyReader(call, index);
  for (const pack of set.packs) for (const file of pack.policies) reader.file(pack, file);
  const [first] = reader.found;
  if (first !== undefined && reader.found.length > policiesMax) {
    reader.report(first.file, first.places.at(first.start), {
      code: 'policy.too-many',
      message: `the set has ${reader.found.length} policies`,
      help: `keep at most ${policiesMax}`,
    });
    return { policies: [], diagnostics: reader.diagnostics };
  }
  reader.duplicates();
  reader.validate();
  const policies = reader.found.map((one) => reader.policy(one));
  return { policies, diagnostics: reader.diagnostics };
}
