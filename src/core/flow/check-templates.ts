/**
 * Checks every template of a flow: its syntax, and whether what it reads can be there when it is
 * evaluated: inputs and variables that are declared, outputs of tasks that exist and can have run.
 *
 * INVARIANT: no alarm without proof. A reference that copes with absence itself (`??`, `is defined`)
 * is never reported, nor one whose order a loop leaves open.
 */
import type { Compilation, ExpressionError, TemplateReference } from '../expression/index.ts';
import { type DiagnosticCode, diagnosticCatalogue } from './diagnostic-catalogue.ts';
import type { OffsetRange } from './diagnostic-list.ts';
import { flowableOf } from './block-grammar.ts';
import { functionNames } from './function-names.ts';
import { indexOfPosition, offsetInSource } from './locate-template.ts';
import { retiredSpellingsIn } from './retired-spellings.ts';
import type { Reading, TemplateUse } from './reading.ts';
import { didYouMean, suggest } from './suggest.ts';
import { isDisabledSite, TaskOrder, type TaskSite } from './task-site.ts';

/** Compiles a template. */
export type Compile = (template: string) => Compilation;

/** What is declared in the flow. */
interface Declared {
  readonly source: string;
  /** Ids of inputs, of forms included. */
  readonly inputs: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  /** True when a task may set further variables. */
  readonly hasOpenVariables: boolean;
}

const rootNames = [
  'flow',
  'execution',
  'task',
  'taskrun',
  'workerTaskrun',
  'tasks',
  'outputs',
  'inputs',
  'vars',
  'labels',
  'trigger',
  'parent',
  'parents',
  'envs',
  'globals',
  'item',
  'kestra',
  'namespace',
  'error',
] as const;

/** Checks the templates that were collected while the flow was read. */
export function checkTemplates(reading: Reading, declared: Declared, compile: Compile): void {
  new TemplateCheck(reading, declared, compile).run();
}

class TemplateCheck {
  readonly #reading: Reading;
  readonly #declared: Declared;
  readonly #compile: Compile;
  readonly #compiled = new Map<string, Compilation>();
  readonly #sites = new Map<string, TaskSite>();
  readonly #order: TaskOrder;
  /** Every beginning of a dotted input id: `a`, `a.b` for the input `a.b.c`. */
  readonly #inputBeginnings = new Set<string>();

  constructor(reading: Reading, declared: Declared, compile: Compile) {
    this.#reading = reading;
    this.#declared = declared;
    this.#compile = compile;
    this.#order = new TaskOrder(reading.sites);
    for (const site of reading.sites) {
      if (!this.#sites.has(site.id)) this.#sites.set(site.id, site);
      for (const suffix of flowableOf(site.type)?.madeTasks ?? []) {
        if (!this.#sites.has(site.id + suffix)) this.#sites.set(site.id + suffix, site);
      }
    }
    for (const id of declared.inputs) {
      for (let dot = id.indexOf('.'); dot !== -1; dot = id.indexOf('.', dot + 1)) {
        this.#inputBeginnings.add(id.slice(0, dot));
      }
    }
  }

  run(): void {
    for (const use of this.#reading.templates) {
      const text = String(use.node.value);
      let compilation = this.#compiled.get(text);
      if (compilation === undefined) {
        compilation = this.#compile(text);
        this.#compiled.set(text, compilation);
      }
      if (!compilation.ok) {
        this.#reportError(use, compilation.error);
        continue;
      }
      for (const name of compilation.template.functions) this.#checkFunction(use, name);
      this.#checkSpellings(use);
      if (use.reader !== 'foreign') {
        for (const reference of compilation.template.references) this.#check(use, reference);
      }
    }
  }

  #place(use: TemplateUse, position: { line: number; column: number }): OffsetRange {
    const text = String(use.node.value);
    const index = indexOfPosition(text, position.line, position.column);
    const start = offsetInSource(this.#declared.source, use.node, index);
    return { start, end: use.node.end };
  }

  #reportError(use: TemplateUse, error: ExpressionError): void {
    const code: DiagnosticCode = Object.hasOwn(diagnosticCatalogue, error.code)
      ? (error.code as DiagnosticCode)
      : 'expression.syntax-wrong';
    this.#reading.list.report(code, this.#place(use, error.position), use.path, error.message, {
      help: error.help,
      ...(use.reader === 'text' ? { severity: 'warning' as const } : {}),
    });
  }

  #checkSpellings(use: TemplateUse): void {
    const isStrict = this.#reading.isStrict;
    for (const { spelling, index } of retiredSpellingsIn(String(use.node.value))) {
      const { name, isPrivate } = spelling;
      const start = offsetInSource(this.#declared.source, use.node, index);
      const at = { start, end: use.node.end };
      const { help } = spelling;
      if (!isPrivate) {
        const message = `\`${name}\` is a deprecated spelling`;
        this.#reading.list.report('expression.spelling-deprecated', at, use.path, message, {
          help,
        });
      } else if (isStrict) {
        const message = `the filter \`${name}\` is unknown`;
        this.#reading.list.report('expression.filter-unknown', at, use.path, message, { help });
      } else {
        const message = `the filter \`${name}\` is known to this system only`;
        this.#reading.list.report('expression.filter-not-portable', at, use.path, message, {
          help,
        });
      }
    }
  }

  #checkFunction(use: TemplateUse, name: string): void {
    if (functionNames.has(name)) return;
    const text = String(use.node.value);
    // Names of functions are letters, digits and `_`, so they need no escaping in a pattern.
    const index = Math.max(0, text.search(new RegExp(`\\b${name}\\s*\\(`)));
    const start = offsetInSource(this.#declared.source, use.node, index);
    const message = `the function \`${name}\` is unknown`;
    const help = () => didYouMean(name, functionNames, 'mend the name of the function');
    this.#reading.list.report(
      'expression.function-unknown',
      { start, end: use.node.end },
      use.path,
      message,
      { help, ...(use.reader === 'text' ? { severity: 'warning' as const } : {}) },
    );
  }

  #report(
    code: DiagnosticCode,
    use: TemplateUse,
    reference: TemplateReference,
    message: string,
    help?: string | (() => string),
  ): void {
    const isWarning = use.reader === 'text' || diagnosticCatalogue[code].severity === 'warning';
    const isRaised = code === 'flow.input-undeclared' && this.#reading.isStrict;
    this.#reading.list.report(code, this.#place(use, reference.position), use.path, message, {
      severity: isWarning && !isRaised ? 'warning' : 'error',
      ...(help === undefined ? {} : { help }),
    });
  }

  #check(use: TemplateUse, reference: TemplateReference): void {
    if (reference.isGuarded) return;
    const [root = '', name] = reference.path;
    switch (root) {
      case 'inputs':
        this.#checkInput(use, reference);
        return;
      case 'outputs':
        if (name !== undefined) this.#checkOutput(use, reference, name);
        return;
      case 'tasks':
        if (name !== undefined && !this.#sites.has(name) && !this.#reading.hidesTasks)
          this.#reportUnknownTask(use, reference, name);
        return;
      case 'vars':
        this.#checkVariable(use, reference, name);
        return;
      default:
        this.#checkRoot(use, reference, root);
    }
  }

  #checkInput(use: TemplateUse, reference: TemplateReference): void {
    const parts = reference.path.slice(1);
    if (parts.length === 0) return;
    const { inputs } = this.#declared;
    for (let count = 1; count <= parts.length; count += 1) {
      const id = parts.slice(0, count).join('.');
      if (inputs.has(id)) return;
      if (!this.#inputBeginnings.has(id)) break;
      if (count === parts.length) return;
    }
    const name = parts[0] ?? '';
    const asText = this.#reading.isStrict ? '' : '; it is taken as text at launch';
    const help = () => didYouMean(name, inputs, `declare it under \`inputs\`${asText}`);
    this.#report(
      'flow.input-undeclared',
      use,
      reference,
      `the input \`${name}\` is not declared`,
      help,
    );
  }

  #checkVariable(use: TemplateUse, reference: TemplateReference, name: string | undefined): void {
    const { variables, hasOpenVariables } = this.#declared;
    if (name === undefined || hasOpenVariables || variables.has(name)) return;
    const message = `the variable \`${name}\` is not declared`;
    const help = () => didYouMean(name, variables, 'declare it under `variables`');
    this.#report('flow.variable-undeclared', use, reference, message, help);
  }

  #checkRoot(use: TemplateUse, reference: TemplateReference, root: string): void {
    if (use.hasOwnNames === true || (rootNames as readonly string[]).includes(root)) return;
    // Tasks bring names of their own, so only what is nearly a known name is taken for a slip.
    const near = root.length < 4 ? undefined : suggest(root, rootNames);
    if (near === undefined || Math.abs(near.length - root.length) > 1) return;
    const message = `the name \`${root}\` is not known`;
    this.#report('flow.name-unknown', use, reference, message, `did you mean \`${near}\`?`);
  }

  #reportUnknownTask(use: TemplateUse, reference: TemplateReference, id: string): void {
    const help = (): string => {
      const dashed = [...this.#sites.keys()].find((one) => one.startsWith(`${id}-`));
      return dashed === undefined
        ? didYouMean(
            id,
            this.#sites.keys(),
            'mend the id; outputs are read by the id of their task',
          )
        : `an id with a dash stands in brackets: \`outputs['${dashed}']\``;
    };
    this.#report('flow.reference-unknown', use, reference, `there is no task \`${id}\``, help);
  }

  #checkOutput(use: TemplateUse, reference: TemplateReference, id: string): void {
    const target = this.#sites.get(id);
    if (target === undefined) {
      if (!this.#reading.hidesTasks) this.#reportUnknownTask(use, reference, id);
      return;
    }
    if (isDisabledSite(target)) {
      const isOwn = use.site !== undefined && isDisabledSite(use.site);
      const message = `the task \`${id}\` is disabled and gives no output`;
      if (!isOwn) this.#report('flow.reference-disabled', use, reference, message);
      return;
    }
    if (use.site !== undefined) this.#checkOrder(use, reference, target, use.site);
    else if (use.reader === 'inputs') {
      const message = `\`${id}\` cannot have run: this is evaluated before any task`;
      this.#report('flow.reference-too-early', use, reference, message);
    } else if (target.depth === 1 && target.phase > 2) {
      const message = `\`${id}\` runs after the execution has ended`;
      this.#report('flow.reference-too-early', use, reference, message);
    } else if (isHiddenOutside(target)) {
      this.#reportHidden(use, reference, id);
    }
  }

  #reportHidden(use: TemplateUse, reference: TemplateReference, id: string): void {
    const message = `\`${id}\` runs inside a Loop, whose inner outputs are not seen outside`;
    const help = 'declare it under `outputs` of the Loop and read the outputs of the Loop';
    this.#report('flow.reference-unknown', use, reference, message, help);
  }

  #checkOrder(
    use: TemplateUse,
    reference: TemplateReference,
    target: TaskSite,
    reader: TaskSite,
  ): void {
    const id = reference.path[1] ?? target.id;
    switch (this.#order.precedence(target, reader)) {
      case 'before':
        return;
      case 'itself':
        if (target.isFlowable || isInLoop(reader)) return;
        this.#report('flow.reference-too-early', use, reference, `\`${id}\` reads its own output`);
        return;
      case 'inside':
        if (use.isAfterChildren === true || isInLoop(reader)) return;
        this.#report(
          'flow.reference-too-early',
          use,
          reference,
          `\`${id}\` runs inside \`${reader.id}\` and cannot have run before it`,
        );
        return;
      case 'later':
        this.#report(
          'flow.reference-too-early',
          use,
          reference,
          `\`${id}\` runs after \`${reader.id}\``,
        );
        return;
      case 'other-branch':
        this.#report(
          'flow.reference-other-branch',
          use,
          reference,
          `\`${id}\` stands in a branch that excludes the one of \`${reader.id}\``,
        );
        return;
      case 'unordered':
        this.#report(
          'flow.reference-unordered',
          use,
          reference,
          `\`${id}\` runs side by side with \`${reader.id}\` and may not have ended`,
        );
        return;
      case 'hidden':
        this.#reportHidden(use, reference, id);
    }
  }
}

function isInLoop(site: TaskSite): boolean {
  for (let up = site.parent; up !== undefined; up = up.parent) if (up.isLoop) return true;
  return false;
}

function isHiddenOutside(site: TaskSite): boolean {
  for (let up = site.parent; up !== undefined; up = up.parent) if (up.hidesChildren) return true;
  return false;
}
