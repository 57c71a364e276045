/** Walking through parsed expressions. */
import type { Arguments, Expression } from './syntax.ts';

/** Returns the names that `node` reads. */
export function namesIn(node: Expression): string[] {
  const names: string[] = [];
  const visit = (one: Expression): void => {
    if (one.kind === 'name') names.push(one.name);
    for (const child of childrenOf(one)) visit(child);
  };
  visit(node);
  return names;
}

/** Returns the expressions directly inside `node`. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'join':
      return node.parts;
    case 'attribute':
      return [node.object];
    case 'subscript':
      return [node.object, node.key];
    case 'method':
      return [node.object, ...node.args];
    case 'call':
      return argumentsOf(node.args);
    case 'filter':
    case 'test':
      return [node.input, ...argumentsOf(node.args)];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
  }
}

function argumentsOf(args: Arguments): readonly Expression[] {
  return [...args.positional, ...args.named.map(([, value]) => value)];
}
