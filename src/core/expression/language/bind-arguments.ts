/** Puts the arguments of a call, by position and by name, into the order of the parameters. */
import { Stop } from '../stop.ts';
import { didYouMean } from '../suggest.ts';
import type { Arguments, Expression } from './syntax.ts';

function wrong(message: string, help: string, at: number): Stop {
  return new Stop('expression.argument-wrong', message, { help, at });
}

/** Returns the argument for each parameter, undefined where none is given. */
export function bindArguments(
  what: string,
  parameters: readonly string[],
  required: number,
  args: Arguments,
  at: number,
): readonly (Expression | undefined)[] {
  const help =
    parameters.length === 0
      ? `${what} takes no arguments`
      : `${what} takes (${parameters.join(', ')})`;
  if (args.positional.length > parameters.length) {
    throw wrong(`${what} is given too many arguments`, help, at);
  }
  const bound: (Expression | undefined)[] = parameters.map((_, index) => args.positional[index]);
  for (const [name, value] of args.named) {
    const index = parameters.indexOf(name);
    if (index === -1) {
      throw wrong(`${what} has no argument \`${name}\``, didYouMean(name, parameters, help), at);
    }
    if (bound[index] !== undefined) {
      throw wrong(`${what} is given \`${name}\` twice`, help, at);
    }
    bound[index] = value;
  }
  const missing = bound.findIndex((value, index) => value === undefined && index < required);
  if (missing !== -1) {
    throw wrong(`${what} needs the argument \`${parameters[missing]}\``, help, at);
  }
  return bound;
}
