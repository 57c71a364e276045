/**
 * YAML text to a suite of tests, or to what is wrong with it. Where the flow is known, what the suite
 * says of its tasks, inputs and triggers is checked against it as well.
 *
 * INVARIANT: a suite is returned exactly when no diagnostic is an error.
 */
import { compileTemplate } from '../../expression/index.ts';
import { emptyMap, mapOf, type Value, type ValueMap } from '../../value/index.ts';
import { flowableOf } from '../block-grammar.ts';
import { checkTemplates } from '../check-templates.ts';
import { createTypeCatalogue } from '../create-type-catalogue.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { DiagnosticList } from '../diagnostic-list.ts';
import type { Flow, Task } from '../flow.ts';
import { readId, reportDuplicates } from '../parse-parts.ts';
import { PluginDefaults } from '../plugin-defaults.ts';
import { readYamlNode } from '../read-yaml.ts';
import { addTemplates, checkShape, itemsOf, type Reading, visitTemplates } from '../reading.ts';
import { didYouMean } from '../suggest.ts';
import { booleanOf, child, textOf, toValue, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import type {
  Assertion,
  CaseFixtures,
  PolicyExpectation,
  TaskFixture,
  TestCase,
  TestSuite,
} from './suite.ts';
import {
  assertionShape,
  caseShape,
  fixturesShape,
  isOperator,
  policyExpectationShape,
  suiteShape,
  taskFixtureShape,
  triggerFixtureShape,
} from './suite-shapes.ts';

/** What reading a suite needs beside the text. */
export interface SuiteOptions {
  /** The name of the file, for diagnostics. */
  readonly file: string;
  /** The flow of the suite; null: it was looked for and is not there; absent: nobody looked. */
  readonly flow?: Flow | null;
}

/** The suite when there is no error, and everything worth saying. */
export interface ParsedSuite {
  readonly suite?: TestSuite;
  /** Which flow the text names, where it names one. */
  readonly flow?: { readonly namespace: string; readonly flowId: string };
  readonly diagnostics: readonly Diagnostic[];
}

const unitTestTypes: ReadonlySet<string> = new Set([
  'io.kestra.core.tests.flow.UnitTest',
  'core.tests.flow.UnitTest',
]);

/** What the flow has that a suite may name. */
interface Known {
  readonly flow: Flow;
  readonly tasks: ReadonlySet<string>;
}

function addTasks(tasks: readonly Task[], names: Set<string>): void {
  for (const task of tasks) {
    names.add(task.id);
    for (const suffix of flowableOf(task.type)?.madeTasks ?? []) names.add(task.id + suffix);
    for (const inner of Object.values(task.blocks)) addTasks(inner, names);
  }
}

function knownOf(flow: Flow): Known {
  const tasks = new Set<string>();
  const { errors, afterExecution, listeners } = flow;
  const lists = [flow.tasks, errors, flow.finally, afterExecution];
  for (const list of [...lists, ...listeners.map((one) => one.tasks)]) addTasks(list, tasks);
  return { flow, tasks };
}

function readingOf(list: DiagnosticList): Reading {
  return {
    list,
    isStrict: false,
    catalogue: createTypeCatalogue([]),
    defaults: new PluginDefaults(),
    templates: [],
    sites: [],
    own: { namespace: undefined, id: undefined },
    hidesTasks: false,
  };
}

/** Returns the suite that `source` describes, and what is wrong or doubtful in it. */
export function parseSuite(source: string, options: SuiteOptions): ParsedSuite {
  const list = new DiagnosticList(options.file, source);
  const root = readYamlNode(source, list);
  if (root === undefined) return { diagnostics: list.sorted() };
  if (root.kind !== 'map') {
    list.report('flow.not-a-map', root, '', 'the document is no map', {
      help: 'a suite is a map with the keys `id`, `namespace`, `flowId` and `testCases`',
    });
    return { diagnostics: list.sorted() };
  }
  const reading = readingOf(list);
  const suite = new SuiteReader(reading, options.flow).read(root, source);
  checkTemplates(
    reading,
    { source, inputs: new Set(), variables: new Set(), hasOpenVariables: true },
    compileTemplate,
  );
  const { namespace, flowId } = suite;
  return {
    ...(!list.hasErrors && { suite }),
    ...(namespace !== '' && flowId !== '' && { flow: { namespace, flowId } }),
    diagnostics: list.sorted(),
  };
}

class SuiteReader {
  readonly #reading: Reading;
  readonly #flow: Flow | null | undefined;
  readonly #known: Known | undefined;

  constructor(reading: Reading, flow: Flow | null | undefined) {
    this.#reading = reading;
    this.#flow = flow;
    this.#known = flow === undefined || flow === null ? undefined : knownOf(flow);
  }

  read(root: YamlMap, source: string): TestSuite {
    const map = this.#shape(root, suiteShape, '', 'the suite');
    const id = (map && readId(this.#reading, map, '', 'dotted')) ?? '';
    const description = map && textOf(child(map, 'description'));
    return {
      id,
      namespace: (map && textOf(child(map, 'namespace'))) ?? '',
      flowId: (map && this.#flowId(map)) ?? '',
      ...(description !== undefined && { description }),
      isDisabled: (map && booleanOf(child(map, 'disabled'))) ?? false,
      cases: map === undefined ? [] : this.#cases(map),
      source,
    };
  }

  #shape(node: YamlNode, shape: Parameters<typeof checkShape>[2], path: string, owner: string) {
    return checkShape(this.#reading, node, shape, path, owner);
  }

  #flowId(map: YamlMap): string | undefined {
    const node = child(map, 'flowId');
    const flowId = textOf(node);
    if (node === undefined || flowId === undefined || this.#flow !== null) return flowId;
    const name = `${textOf(child(map, 'namespace')) ?? ''}/${flowId}`;
    this.#reading.list.report('test.flow-unknown', node, 'flowId', `there is no flow \`${name}\``);
    return flowId;
  }

  #cases(map: YamlMap): readonly TestCase[] {
    const node = child(map, 'testCases');
    const { list } = this.#reading;
    if (node?.kind === 'list' && node.items.length === 0) {
      list.report('test.cases-empty', node, 'testCases', '`testCases` holds no case');
    }
    const places: { id: string; at: YamlNode; path: string }[] = [];
    const cases: TestCase[] = [];
    for (const [index, item] of itemsOf(this.#reading, node, 'testCases').entries()) {
      const path = `testCases[${index}]`;
      const one = this.#shape(item, caseShape, path, 'a test case');
      if (one === undefined) continue;
      const id = readId(this.#reading, one, path, 'dotted');
      if (id !== undefined) places.push({ id, at: item, path });
      cases.push(this.#case(one, id ?? '', path));
    }
    reportDuplicates(this.#reading, places, 'test cases');
    return cases;
  }

  #case(map: YamlMap, id: string, path: string): TestCase {
    this.#checkType(map, path);
    const description = textOf(child(map, 'description'));
    const governance = this.#policy(child(map, 'governance'), `${path}.governance`);
    const assertions = this.#assertions(child(map, 'assertions'), `${path}.assertions`);
    const { approvals, denials } = governance ?? {};
    if (assertions.length === 0 && approvals === undefined && denials === undefined) {
      const start = { start: map.start, end: map.start };
      const message = `the case \`${id}\` asserts nothing, so that it cannot fail`;
      this.#reading.list.report('test.case-empty', start, path, message);
    }
    return {
      id,
      ...(description !== undefined && { description }),
      isDisabled: booleanOf(child(map, 'disabled')) ?? false,
      fixtures: this.#fixtures(child(map, 'fixtures'), `${path}.fixtures`),
      assertions,
      ...(governance !== undefined && { governance }),
      span: this.#reading.list.span(map),
    };
  }

  #checkType(map: YamlMap, path: string): void {
    const node = child(map, 'type');
    const type = textOf(node);
    if (node === undefined || type === undefined || unitTestTypes.has(type)) return;
    const help = didYouMean(type, unitTestTypes, 'write `io.kestra.core.tests.flow.UnitTest`');
    const message = `\`${type}\` is no type of test case`;
    this.#reading.list.report('test.type-unknown', node, `${path}.type`, message, { help });
  }

  #fixtures(node: YamlNode | undefined, path: string): CaseFixtures {
    const none: CaseFixtures = { inputs: emptyMap(), files: {}, tasks: [] };
    const map = node && this.#shape(node, fixturesShape, path, '`fixtures`');
    if (map === undefined) return none;
    const files = this.#files(map);
    const trigger = this.#trigger(child(map, 'trigger'), `${path}.trigger`);
    return {
      inputs: this.#inputs(child(map, 'inputs'), `${path}.inputs`),
      files,
      ...(trigger !== undefined && { trigger }),
      tasks: this.#taskFixtures(child(map, 'tasks'), `${path}.tasks`, files),
    };
  }

  #inputs(node: YamlNode | undefined, path: string): ValueMap {
    if (node?.kind !== 'map') return emptyMap();
    this.#templates(node, path);
    const { list } = this.#reading;
    const declared = this.#known?.flow.inputs.map(({ id }) => id);
    for (const [key, entry] of node.entries) {
      if (declared === undefined || declared.some((id) => id === key || id.startsWith(`${key}.`)))
        continue;
      const message = `the input \`${key}\` is not declared`;
      const help = didYouMean(key, declared, 'declare it under `inputs` of the flow');
      list.report('flow.input-undeclared', entry.keyPlace, `${path}.${key}`, message, { help });
    }
    return toValue(node) as ValueMap;
  }

  #files(map: YamlMap): Readonly<Record<string, string>> {
    const node = child(map, 'files');
    if (node?.kind !== 'map') return {};
    return Object.fromEntries(
      [...node.entries].map(([name, { value }]) => [name, textOf(value) ?? '']),
    );
  }

  #trigger(node: YamlNode | undefined, path: string): ValueMap | undefined {
    const map = node && this.#shape(node, triggerFixtureShape, path, '`trigger`');
    if (map === undefined) return undefined;
    const place = child(map, 'id');
    const id = textOf(place);
    const known = this.#known?.flow.triggers.map((one) => one.id);
    if (place !== undefined && id !== undefined && known !== undefined && !known.includes(id)) {
      const message = `the flow has no trigger \`${id}\``;
      const help = didYouMean(id, known, 'mend the id of the trigger');
      this.#reading.list.report('test.trigger-unknown', place, `${path}.id`, message, { help });
    }
    const variables = child(map, 'variables');
    const type = textOf(child(map, 'type'));
    return mapOf({
      ...(variables === undefined ? {} : (toValue(variables) as ValueMap)),
      ...(id !== undefined && { id }),
      ...(type !== undefined && { type }),
    });
  }

  #taskFixtures(
    node: YamlNode | undefined,
    path: string,
    around: Readonly<Record<string, string>>,
  ): readonly TaskFixture[] {
    const seen = new Set<string>();
    const found: TaskFixture[] = [];
    for (const [index, item] of itemsOf(this.#reading, node, path).entries()) {
      const at = `${path}[${index}]`;
      const map = this.#shape(item, taskFixtureShape, at, 'a fixture');
      const taskId = map && this.#taskId(map, 'id', at);
      if (map === undefined || taskId === undefined) continue;
      const value = textOf(child(map, 'value'));
      const key = JSON.stringify([taskId, value]);
      if (seen.has(key)) {
        const where = value === undefined ? '' : ` with the value \`${value}\``;
        const message = `another fixture is for \`${taskId}\`${where} as well`;
        this.#reading.list.report('test.fixture-duplicate', item, at, message);
      }
      seen.add(key);
      found.push(this.#taskFixture(map, taskId, value, at, around));
    }
    return found;
  }

  #taskFixture(
    map: YamlMap,
    taskId: string,
    value: string | undefined,
    path: string,
    around: Readonly<Record<string, string>>,
  ): TaskFixture {
    const state = textOf(child(map, 'state')) as TaskFixture['state'] | undefined;
    const outputs = child(map, 'outputs');
    this.#templates(outputs, `${path}.outputs`);
    const entry = map.entries.get('outputs');
    if (state === 'SKIPPED' && outputs !== undefined && entry !== undefined) {
      const message = 'a task that is skipped gives no outputs';
      const { keyPlace } = entry;
      this.#reading.list.report('test.fixture-unused', keyPlace, `${path}.outputs`, message);
    }
    return {
      taskId,
      ...(value !== undefined && { value }),
      state: state ?? 'SUCCESS',
      outputs: outputs?.kind === 'map' ? (toValue(outputs) as ValueMap) : emptyMap(),
      files: { ...around, ...this.#files(map) },
    };
  }

  #taskId(map: YamlMap, key: string, path: string): string | undefined {
    const node = child(map, key);
    const id = textOf(node);
    if (node !== undefined && id !== undefined) this.#checkTask(node, id, `${path}.${key}`);
    return id;
  }

  #checkTask(node: YamlNode, id: string, path: string): void {
    const known = this.#known?.tasks;
    if (known === undefined || known.has(id)) return;
    const message = `the flow has no task \`${id}\``;
    const help = (): string => didYouMean(id, known, 'mend the id of the task');
    this.#reading.list.report('test.task-unknown', node, path, message, { help });
  }

  #assertions(node: YamlNode | undefined, path: string): readonly Assertion[] {
    const found: Assertion[] = [];
    for (const [index, item] of itemsOf(this.#reading, node, path).entries()) {
      const at = `${path}[${index}]`;
      const map = this.#shape(item, assertionShape, at, 'an assertion');
      if (map !== undefined) found.push(this.#assertion(map, at));
    }
    return found;
  }

  #assertion(map: YamlMap, path: string): Assertion {
    const { list } = this.#reading;
    const checks: { operator: Assertion['checks'][number]['operator']; expected: Value }[] = [];
    for (const [key, { value }] of map.entries) {
      if (!isOperator(key)) continue;
      checks.push({ operator: key, expected: toValue(value) });
      this.#templates(value, `${path}.${key}`);
    }
    if (checks.length === 0) {
      const start = { start: map.start, end: map.start };
      list.report('test.operator-missing', start, path, 'the assertion compares with nothing');
    }
    const value = map.entries.get('value')?.value;
    this.#templates(value, `${path}.value`);
    const taskId = this.#taskId(map, 'taskId', path);
    const description = textOf(child(map, 'description'));
    const errorMessage = textOf(child(map, 'errorMessage'));
    return {
      value: value === undefined ? null : toValue(value),
      ...(taskId !== undefined && { taskId }),
      ...(description !== undefined && { description }),
      ...(errorMessage !== undefined && { errorMessage }),
      checks,
      span: list.span(map),
    };
  }

  /** Remembers templates for the check of their syntax, and checks the tasks whose outputs they read. */
  #templates(node: YamlNode | undefined, path: string): void {
    addTemplates(this.#reading, node, path, { reader: 'foreign' });
    const known = this.#known?.tasks;
    if (node === undefined || known === undefined) return;
    visitTemplates(node, path, (scalar, at) => {
      const compilation = compileTemplate(String(scalar.value));
      if (!compilation.ok) return;
      for (const { path: names, isGuarded } of compilation.template.references) {
        const [root, task] = names;
        if (root === 'outputs' && task !== undefined && !isGuarded) {
          this.#checkTask(scalar, task, at);
        }
      }
    });
  }

  #policy(node: YamlNode | undefined, path: string): PolicyExpectation | undefined {
    const map = node && this.#shape(node, policyExpectationShape, path, '`governance`');
    if (map === undefined) return undefined;
    const namesOf = (key: string): readonly string[] | undefined => {
      const list = map.entries.get(key)?.value;
      if (list?.kind !== 'list') return undefined;
      return list.items.flatMap((item, index) => {
        const id = textOf(item);
        if (id === undefined) return [];
        this.#checkTask(item, id, `${path}.${key}[${index}]`);
        return [id];
      });
    };
    const [approvals, denials] = [namesOf('approvals'), namesOf('denials')];
    const stage = textOf(child(map, 'stage')) as PolicyExpectation['stage'];
    return {
      ...(stage !== undefined && { stage }),
      ...(approvals !== undefined && { approvals }),
      ...(denials !== undefined && { denials }),
    };
  }
}
