/** YAML of packs and cases, read strictly: every wrong key and value is named with its line and column. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { PolicyDiagnostic, PolicyFile } from '../../core/policy/index.ts';

/** A YAML document whose places are known. */
export interface PlacedDocument {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

type Path = readonly (string | number)[];

/** A map of a document. */
export type YamlMap = Readonly<Record<string, unknown>>;

const charactersMax = 1_000_000;

/** Returns the document of `file`, or what is wrong with its text. */
export function readYaml(file: PolicyFile): {
  readonly document: PlacedDocument | undefined;
  readonly diagnostics: readonly PolicyDiagnostic[];
} {
  const wrong = (message: string, line = 1, column = 1): PolicyDiagnostic => ({
    severity: 'error',
    code: 'policy.yaml-wrong',
    file: file.path,
    line,
    column,
    message,
    help: 'mend the text at this place',
  });
  if (file.text.length > charactersMax) {
    return { document: undefined, diagnostics: [wrong('the file is too large')] };
  }
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: true,
    prettyErrors: false,
  });
  const diagnostics = document.errors.map((error) => {
    const place = lines.linePos(error.pos[0]);
    return wrong(error.message.replaceAll(/\s+/g, ' '), place.line, place.col);
  });
  if (diagnostics.length > 0) return { document: undefined, diagnostics };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { document: { document, lines, value }, diagnostics };
  } catch {
    return { document: undefined, diagnostics: [wrong('the aliases cannot be followed')] };
  }
}

/** Tells whether `value` is a map. */
export function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the values of one document and collects what is wrong with them. */
export class YamlReader {
  readonly diagnostics: PolicyDiagnostic[] = [];
  readonly #file: PolicyFile;
  readonly #placed: PlacedDocument;

  constructor(file: PolicyFile, placed: PlacedDocument) {
    this.#file = file;
    this.#placed = placed;
  }

  place(path: Path): { readonly line: number; readonly column: number } {
    const { document, lines } = this.#placed;
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  }

  report(path: Path, code: string, message: string, help: string): void {
    const place = this.place(path);
    this.diagnostics.push({
      severity: 'error',
      code,
      file: this.#file.path,
      ...place,
      message,
      help,
    });
  }

  wrong(path: Path, expected: string): void {
    const name = path.length === 0 ? 'the document' : `\`${path.join('.')}\``;
    this.report(path, 'policy.value-wrong', `${name} is not ${expected}`, `give ${expected}`);
  }

  /** Returns the map at `path`, whose keys are among `keys`. */
  map(path: Path, keys: readonly string[], from: unknown = this.#at(path)): YamlMap | undefined {
    if (!isMap(from)) {
      this.wrong(path, 'a map');
      return undefined;
    }
    for (const key of Object.keys(from)) {
      if (keys.includes(key)) continue;
      this.report(
        [...path, key],
        'policy.key-unknown',
        `there is no key \`${key}\` here`,
        `the keys are ${keys.join(', ')}`,
      );
    }
    return from;
  }

  text(value: unknown, path: Path, isRequired: boolean): string | undefined {
    if (typeof value === 'string' && value !== '') return value;
    if (value !== undefined || isRequired) this.wrong(path, 'a text');
    return undefined;
  }

  choice(value: unknown, path: Path, choices: readonly string[]): string | undefined {
    if (typeof value === 'string' && choices.includes(value)) return value;
    this.wrong(path, `one of ${choices.join(', ')}`);
    return undefined;
  }

  texts(value: unknown, path: Path): readonly string[] {
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    this.wrong(path, 'a list of texts');
    return [];
  }

  #at(path: Path): unknown {
    let value = this.#placed.value;
    for (const key of path) value = (value as YamlMap | undefined)?.[key];
    return value;
  }
}
