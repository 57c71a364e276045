/**
 * Turns the SQL of a task into statements that the engine runs: `:name` becomes a bound parameter, and
 * what names a file (storage URIs, relative and absolute paths) becomes the path of that file.
 */
import { Failure } from '../../../core/failure/index.ts';
import { entryOf, type Value, type ValueMap } from '../../../core/value/index.ts';
import { type PlaceSetting, placeOf } from './file-places.ts';
import { readStatements, type Statement, stringOfText, textOfString } from './sql-text.ts';

/** A statement ready to run. */
export interface ReadyStatement {
  readonly sql: string;
  readonly words: readonly string[];
  /** The values of the parameters that it uses, by name. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** Names written like parameters that have no value. */
  readonly unknownParameters: readonly string[];
}

/** Settings, and functions, that make the engine write logs or profiles, to files or to this process's own output. */
const settingOfOutput = /profil|logging|^log_|progress/i;
const callOfOutput = /^(enable|set)_(logging|profiling|profile)$/i;

/** Refuses statements that would reach the network or write beside the working folder. */
function checkStatement({ words, pieces }: Statement): void {
  const [first = '', second = ''] = words;
  const changesExtensions =
    /^(INSTALL|LOAD)$/.test(first) ||
    (first === 'FORCE' && second === 'INSTALL') ||
    (first === 'UPDATE' && second === 'EXTENSIONS');
  if (changesExtensions) {
    throw new Failure('sql.failed', 'extensions of DuckDB cannot be installed or loaded here', {
      help: 'JSON, Parquet, CSV and time zones are built in; for anything else use a task of its own',
    });
  }
  const names = pieces
    .filter(({ kind }) => kind === 'word' || kind === 'quoted-name')
    .map(({ text }) => text.replaceAll('"', ''));
  const isSetting = /^(SET|PRAGMA|RESET|CALL)$/.test(first) && second !== 'VARIABLE';
  const refused = isSetting ? settingOfOutput : callOfOutput;
  const setting = names.find((name) => refused.test(name));
  if (setting !== undefined) {
    throw new Failure('sql.failed', `\`${setting}\` cannot be used here`, {
      help: 'logs and profiles of the engine would go outside the working folder',
    });
  }
}

/** Returns the statements of `sql`, ready to run with `parameters`. */
export async function prepareSql(
  sql: string,
  parameters: ValueMap,
  setting: PlaceSetting,
): Promise<readonly ReadyStatement[]> {
  const ready: ReadyStatement[] = [];
  for (const statement of readStatements(sql)) {
    checkStatement(statement);
    ready.push(await prepareStatement(statement, parameters, setting));
  }
  return ready;
}

async function prepareStatement(
  { pieces, words }: Statement,
  parameters: ValueMap,
  setting: PlaceSetting,
): Promise<ReadyStatement> {
  const bound = new Map<string, Value>();
  const unknown: string[] = [];
  const texts: string[] = [];
  for (const { kind, text, role } of pieces) {
    if (kind === 'string' && role !== 'value') {
      texts.push(stringOfText(await placeOf(textOfString(text), role, setting)));
    } else if (kind === 'parameter') {
      const name = text.slice(1);
      const value = entryOf(parameters, name);
      if (value === undefined) {
        unknown.push(text);
        texts.push(text);
      } else if (role !== 'value' && typeof value === 'string') {
        const place = await placeOf(value, role, setting);
        bound.set(`${name}__file`, place);
        texts.push(`$${name}__file`);
      } else {
        bound.set(name, value);
        texts.push(`$${name}`);
      }
    } else texts.push(text);
  }
  return { sql: texts.join('').trim(), words, parameters: bound, unknownParameters: unknown };
}
