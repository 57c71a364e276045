/**
 * What the conditions of a policy read: which attributes of the principal, the resource and the context.
 * Only what somebody reads is handed over, which is what a decision mostly costs, and only what somebody
 * reads tells two questions apart in the cache.
 *
 * INVARIANT: whatever is not understood here counts as reading everything.
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';

/** What conditions read. */
export interface Reads {
  /** Attributes with dots: `principal.roles`, `context.stage`, `context.args.to`. */
  readonly paths: ReadonlySet<string>;
  /** Variables that are read whole or by their identity: `principal`, `context`, `context.args`. */
  readonly whole: ReadonlySet<string>;
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Returns the path of `principal.x.y`; undefined for an expression that is none. */
function pathOf(expression: unknown): readonly string[] | undefined {
  if (!isNode(expression)) return undefined;
  const variable = expression['Var'];
  if (typeof variable === 'string') return [variable];
  const access = expression['.'];
  if (!isNode(access)) return undefined;
  const left = pathOf(access['left']);
  return left === undefined ? undefined : [...left, String(access['attr'])];
}

function nameOf(path: readonly string[]): string {
  // Below an argument and below a fact is one value.
  return path.slice(0, path[0] === 'context' && path[1] === 'args' ? 3 : 2).join('.');
}

class Collector {
  readonly paths = new Set<string>();
  readonly whole = new Set<string>();
  /** Attributes that `has` asks for while the condition is not negated. */
  readonly asked = new Set<string>();
  asksActionGroup = false;

  path(path: readonly string[]): void {
    const [variable = '', attribute] = path;
    if (attribute === undefined) {
      if (variable !== 'action') this.whole.add(variable);
    } else if (variable === 'context' && attribute === 'args' && path.length === 2) {
      this.whole.add('context.args');
    } else this.paths.add(nameOf(path));
  }

  expression(value: unknown, isNegated: boolean): void {
    if (Array.isArray(value)) {
      for (const one of value) this.expression(one, isNegated);
      return;
    }
    if (!isNode(value) || Object.hasOwn(value, 'Value')) return;
    const path = pathOf(value);
    if (path !== undefined) {
      this.path(path);
      return;
    }
    for (const [operator, inner] of Object.entries(value)) {
      if (operator === 'in' && isNode(inner) && pathOf(inner['left'])?.[0] === 'action') {
        this.asksActionGroup = true;
      }
      if (operator === 'has' && isNode(inner)) this.#has(inner, isNegated);
      else if (operator === 'is' && isNode(inner)) this.#is(inner, isNegated);
      else this.expression(inner, operator === '!' ? !isNegated : isNegated);
    }
  }

  #has(inner: Node, isNegated: boolean): void {
    const left = pathOf(inner['left']);
    if (left === undefined) {
      this.expression(inner['left'], isNegated);
      return;
    }
    const attribute = inner['attr'];
    const names = Array.isArray(attribute) ? attribute.map(String) : [String(attribute)];
    const path = [...left, ...names];
    this.path(path);
    if (!isNegated) this.asked.add(nameOf(path));
  }

  /** The type of a principal or resource always travels along. */
  #is(inner: Node, isNegated: boolean): void {
    const isBare = pathOf(inner['left'])?.length === 1;
    if (!isBare) this.expression(inner['left'], isNegated);
    this.expression(inner['in'], isNegated);
  }
}

/** What one policy reads. */
export interface PolicyReads extends Reads {
  /** Attributes of the context without which a forbid does not apply. */
  readonly passes: readonly string[];
  /** Whether a condition asks for a group of actions (`action in …`), which a slice does not know. */
  readonly asksActionGroup: boolean;
}

/** Returns what `policy` reads. */
export function readsOf(policy: PolicyJson): PolicyReads {
  const collector = new Collector();
  for (const [variable, scope] of [
    ['principal', policy.principal],
    ['resource', policy.resource],
  ] as const) {
    // `is T` needs the type only, which always travels along.
    if (scope.op !== 'All' && !(scope.op === 'is' && scope.in === undefined)) {
      collector.whole.add(variable);
    }
  }
  for (const { kind, body } of policy.conditions) collector.expression(body, kind === 'unless');
  const passes = [...collector.asked].filter((name) => name.startsWith('context.'));
  const { paths, whole, asksActionGroup } = collector;
  return { paths, whole, passes, asksActionGroup };
}

/** Returns what is read by any of `all`. */
export function joinReads(all: readonly Reads[]): Reads {
  return {
    paths: new Set(all.flatMap((one) => [...one.paths])),
    whole: new Set(all.flatMap((one) => [...one.whole])),
  };
}
