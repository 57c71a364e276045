/**
 * What `--then` asks for once an execution rests: resume, kill, restart or replay it, or run another
 * flow. Every act is checked before anything runs, so that a typing mistake costs nothing.
 */
import type { Application } from '../app/application.ts';
import { isMap, type Value, type ValueMap } from '../core/value/index.ts';
import { usageFailure } from './parse-arguments.ts';
import { readJson } from './read-json.ts';
import { didYouMean } from './suggest.ts';

type Inputs = Readonly<Record<string, Value>>;
type Answer = Parameters<Application['answer']>[1]['answer'];

/** One act after an execution rests. */
export type Act =
  | { readonly op: 'resume'; readonly inputs: Inputs; readonly answer?: Answer }
  | { readonly op: 'kill' }
  | { readonly op: 'restart'; readonly revision?: number }
  | {
      readonly op: 'replay';
      readonly taskId?: string;
      readonly taskRunId?: string;
      readonly revision?: number;
      readonly inputs?: Inputs;
    }
  | {
      readonly op: 'run';
      readonly flowId: string;
      readonly namespace?: string;
      readonly inputs: Inputs;
    };

const properties: Readonly<Record<Act['op'], readonly string[]>> = {
  resume: ['inputs', 'answer'],
  kill: [],
  restart: ['revision'],
  replay: ['taskId', 'taskRunId', 'revision', 'inputs'],
  run: ['flowId', 'namespace', 'inputs'],
};

const ops = Object.keys(properties) as Act['op'][];

function refuse(what: string): never {
  throw usageFailure(
    `\`--then\` ${what}`,
    'write for example `--then \'{"op":"resume","inputs":{}}\'`; see `sluice run --help`',
  );
}

function optional<T extends string | number>(
  act: ValueMap,
  key: string,
  kind: 'string' | 'number',
): T | undefined {
  const value = act[key];
  if (value === undefined) return undefined;
  if (typeof value !== kind)
    refuse(`needs ${kind === 'string' ? 'text' : 'a number'} as \`${key}\``);
  return value as T;
}

function inputsOf(act: ValueMap): Inputs | undefined {
  const { inputs } = act;
  if (inputs === undefined) return undefined;
  return isMap(inputs) ? inputs : refuse('needs an object as `inputs`');
}

const answers: readonly Answer[] = ['happened', 'retry', 'fail'];

function answerIn(act: ValueMap): Answer | undefined {
  const given = optional<string>(act, 'answer', 'string');
  const answer = answers.find((one) => one === given);
  if (given !== undefined && answer === undefined) {
    refuse(`takes ${answers.join(', ')} as \`answer\`, not \`${given}\``);
  }
  return answer;
}

/** Leaves out what is undefined, which optional properties may not hold. */
function defined<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Returns the act that the JSON `text` of a `--then` describes; throws `cli.usage-wrong`. */
export function parseAct(text: string): Act {
  const act = readJson(text, `\`--then ${text}\``);
  if (!isMap(act)) refuse(`takes a JSON object, not \`${text}\``);
  const { op } = act;
  if (typeof op !== 'string') refuse(`needs \`op\`: one of ${ops.join(', ')}`);
  if (!ops.includes(op as Act['op'])) {
    refuse(`has no \`op\` \`${op}\`${didYouMean(op, ops)}; it takes ${ops.join(', ')}`);
  }
  const known = properties[op as Act['op']];
  const unknown = Object.keys(act).find((key) => key !== 'op' && !known.includes(key));
  if (unknown !== undefined) {
    refuse(`\`${op}\` has no \`${unknown}\`${didYouMean(unknown, known)}`);
  }
  const revision = optional<number>(act, 'revision', 'number');
  const inputs = inputsOf(act);
  switch (op as Act['op']) {
    case 'resume':
      return defined({ op: 'resume' as const, inputs: inputs ?? {}, answer: answerIn(act) }) as Act;
    case 'kill':
      return { op: 'kill' };
    case 'restart':
      return defined({ op: 'restart' as const, revision }) as Act;
    case 'replay':
      return defined({
        op: 'replay' as const,
        taskId: optional<string>(act, 'taskId', 'string'),
        taskRunId: optional<string>(act, 'taskRunId', 'string'),
        revision,
        inputs,
      }) as Act;
    case 'run': {
      const flowId = optional<string>(act, 'flowId', 'string') ?? refuse('`run` needs `flowId`');
      const namespace = optional<string>(act, 'namespace', 'string');
      return defined({ op: 'run' as const, flowId, namespace, inputs: inputs ?? {} }) as Act;
    }
  }
}

/** Performs `act` on the execution `id`; gives the id of the execution that goes on. */
export async function performAct(
  application: Application,
  act: Act,
  { id, namespace }: { readonly id: string; readonly namespace: string },
): Promise<string> {
  switch (act.op) {
    case 'resume':
      if (act.answer === undefined) await application.resume(id, act.inputs);
      else await application.answer(id, { answer: act.answer });
      return id;
    case 'kill':
      await application.kill(id);
      return id;
    case 'restart':
      return await application.restart(id, defined({ revision: act.revision }));
    case 'replay': {
      const { taskId, taskRunId, revision, inputs } = act;
      return await application.replay(id, defined({ taskId, taskRunId, revision, inputs }));
    }
    case 'run':
      return await application.start({
        namespace: act.namespace ?? namespace,
        flowId: act.flowId,
        inputs: act.inputs,
      });
  }
}
