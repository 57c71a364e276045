/**
 * What the language must know of task and trigger types: names, aliases and the schema of their
 * properties. It is handed in (generated from the definitions), so that the language knows no type
 * but the flowables, whose blocks of tasks are part of the grammar.
 */

/** The part of JSON Schema that task definitions use. */
export interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | PropertySchema;
  readonly items?: PropertySchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly PropertySchema[];
  readonly oneOf?: readonly PropertySchema[];
  readonly default?: unknown;
  readonly [key: string]: unknown;
}

/** What is known of one type. */
export interface TypeEntry {
  /** Canonical: short, without the `io.kestra.plugin.` prefix. */
  readonly type: string;
  readonly kind: 'runnable' | 'flowable' | 'trigger' | 'condition';
  readonly summary: string;
  /** What the summary leaves out; Markdown. */
  readonly description?: string;
  /** Other accepted spellings; each use is a warning that names the canonical one. */
  readonly aliases: readonly string[];
  /** Other accepted spellings of properties: alias to canonical. */
  readonly propertyAliases: Readonly<Record<string, string>>;
  /** Property aliases that the original language does not know: errors under `strict`. */
  readonly lenientAliases: readonly string[];
  /** Properties that are accepted, do nothing and are warned about. */
  readonly ignoredProperties: readonly string[];
  /** The properties of the type itself, after rendering; common task properties are not in it. */
  readonly schema: PropertySchema;
  /** What a task of the type gives. */
  readonly output?: PropertySchema;
  /** What a task of the type does outside, and what it touches; only of runnable types. */
  readonly effect?: {
    readonly kind: 'none' | 'read' | 'idempotent' | 'external';
    readonly touches: readonly string[];
  };
  /** How each property is rendered before the task runs; `text` where it is not listed. */
  readonly rendering: Readonly<Record<string, 'text' | 'typed' | 'raw'>>;
}

/** Every type the language knows. */
export interface TypeCatalogue {
  /** Returns the entry of `type`, written in any accepted way, and whether that way is an alias. */
  find(type: string): { readonly entry: TypeEntry; readonly isAlias: boolean } | undefined;
  /** Returns every entry. */
  all(): readonly TypeEntry[];
}
