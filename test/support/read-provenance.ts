/**
 * What the store keeps of provenance, for tests: so that a test sees what a
 * later reader of the same store would see.
 */
import {
  decodeMarks,
  decodeValue,
  flatten,
  type Marks,
  marksAt,
  plain,
  plainMarks,
  type Provenance,
  type ValueMap,
} from '../../src/core/value/index.ts';
import type { FlowResult, FlowWorld } from './run-flow.ts';

const tenant = 'main';

/** Returns the stored marks of the outputs of a task run. */
export async function outputMarks(
  { store }: FlowWorld,
  result: FlowResult,
  taskId: string,
  value?: string,
): Promise<Marks> {
  const { id } = result.taskRun(taskId, value);
  const record = (await store.taskRuns('main', result.document.id)).find((one) => one.id === id);
  if (record === undefined) throw new Error(`the run of ${taskId} is not stored`);
  const document = decodeValue(record.document) as ValueMap;
  return document['marks'] === undefined ? plainMarks : decodeMarks(document['marks']);
}

/** Returns the stored provenance of one output of a task run; throws when there is no such output. */
export async function provenanceOfOutput(
  world: FlowWorld,
  result: FlowResult,
  taskId: string,
  output = 'value',
  value?: string,
): Promise<Provenance> {
  if (!Object.hasOwn(result.taskRun(taskId, value).outputs, output)) {
    throw new Error(`the run of ${taskId} has no output ${output}`);
  }
  return flatten(marksAt(await outputMarks(world, result, taskId, value), output));
}

/** Returns the stored provenance of a file. */
export async function provenanceOfFile({ store }: FlowWorld, uri: string): Promise<Provenance> {
  const record = await store.file(tenant, uri);
  if (record === undefined) throw new Error(`no file ${uri}`);
  return JSON.parse(record.provenance) as Provenance;
}

/** Returns the stored provenance of a pair of `shop.tests`. */
export async function provenanceOfPair({ store }: FlowWorld, key: string): Promise<Provenance> {
  const record = await store.keyValue(tenant, 'shop.tests', key);
  if (record === undefined) throw new Error(`no pair ${key}`);
  return record.marks === null ? plain : flatten(decodeMarks(JSON.parse(record.marks)));
}
