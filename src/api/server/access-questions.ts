/**
 * What is asked at the door for a request: about what its path names, about what its content says, or, for
 * a list, in which namespaces what it lists may be seen.
 *
 * INVARIANT: a list that names no namespace shows what is of namespaces where policy said yes, and of no
 * others, counts included.
 */
import type { FastifyRequest } from 'fastify';
import type { TenantView } from '../../app/application.ts';
import { catalogue, Failure } from '../../core/failure/index.ts';
import type { Principal, ResourceType } from '../../core/policy/index.ts';
import type { Authenticator, Credential } from '../../ports/authenticator.ts';
import type { Door, DoorQuestion } from '../../ports/door.ts';
import type { ExecutionRecord } from '../../ports/store.ts';
import { askDoor } from './authenticate.ts';
import type { Access, ReadRequest, Route, Target, TargetReader } from './route.ts';

/** Who sends a request, and what they see. */
export interface Admitted {
  readonly principal: Principal;
  readonly credential: Credential | undefined;
  readonly view: TenantView;
  /** The namespaces that a list may show; undefined: all of them. */
  readonly shown?: readonly string[];
}

type Asked = Extract<Access, { kind: 'asked' }>;

const reasonMax = 1_000;

/** Returns what is asked, without the namespace of what it is about. */
function questionOf(
  { action, resource }: Pick<Asked, 'action' | 'resource'>,
  request: FastifyRequest,
  { credential, view }: Admitted,
): Omit<DoorQuestion, 'namespace'> {
  const why = request.headers['x-reason'];
  const reason = typeof why === 'string' ? why.trim().slice(0, reasonMax) : '';
  return {
    tenant: view.tenant,
    action,
    resourceType: resource,
    resourceId: null,
    ...(reason !== '' && { reason }),
    ...(credential?.scopes !== undefined && { scopes: credential.scopes }),
  };
}

/** Returns what is asked about what the path names, or about `target` where the route says what it is. */
function fullQuestion(
  access: Asked,
  request: FastifyRequest,
  admitted: Admitted,
  record: ExecutionRecord | undefined,
  target?: Target,
): DoorQuestion {
  const params = request.params as Readonly<Record<string, string>>;
  const { executionId } = params;
  const question = questionOf(access, request, admitted);
  const resourceType = target?.resource ?? question.resourceType;
  const flow =
    target?.flowId ?? params['flowId'] ?? (resourceType === 'Flow' ? params['id'] : record?.flowId);
  const about = target?.namespace ?? params['namespace'] ?? record?.namespace;
  return {
    ...question,
    action: target?.action ?? question.action,
    resourceType,
    resourceId:
      target?.resourceId ??
      executionId ??
      params['id'] ??
      params['flowId'] ??
      params['key'] ??
      null,
    namespace: about ?? namedIn(request) ?? null,
    facts: { ...(flow !== undefined && { flowId: flow }), ...target?.facts },
  };
}

/** Asks the door about what the path names, or about `target` where the route says what it is. */
export async function askAbout(
  door: Door,
  route: Route,
  request: FastifyRequest,
  admitted: Admitted,
  target?: Target,
): Promise<void> {
  if (route.access.kind !== 'asked') return;
  const { principal, view } = admitted;
  const { executionId } = request.params as Readonly<Record<string, string>>;
  const record = executionId === undefined ? undefined : await view.record(executionId);
  const question = fullQuestion(route.access, request, admitted, record, target);
  await askDoor(door, principal, question, route.access.opensApproval === true);
  // Told only to who may ask about it.
  if (executionId !== undefined && record === undefined) {
    throw new Failure('execution.not-found', `there is no execution \`${executionId}\``);
  }
}

/** Returns the namespace that a query names. */
function namedIn(request: FastifyRequest): string | undefined {
  const { namespace } = request.query as Readonly<Record<string, unknown>>;
  return typeof namespace === 'string' && namespace !== '' ? namespace : undefined;
}

/** Tells whether `asked` may be done in a namespace of whoever asks, or in none. */
async function isOpenSomewhere(
  door: Door,
  principal: Principal,
  asked: Omit<DoorQuestion, 'namespace'>,
): Promise<boolean> {
  const own = principal.roles.map(({ namespace }) => (namespace === '*' ? null : namespace));
  return (await door.openIn(principal, asked, [...new Set([null, ...own])])).length > 0;
}

/** Returns who asks with what a list may show them; throws `access.denied` when that is nothing anywhere. */
async function askForList(
  door: Door,
  { resource }: Asked,
  request: FastifyRequest,
  admitted: Admitted,
): Promise<Admitted> {
  const { principal } = admitted;
  // What is done to what a list means is asked for each; to be in it, it has to be seen.
  const seeing = questionOf({ action: 'view', resource }, request, admitted);
  const named = namedIn(request);
  const isMeant = (one: string): boolean =>
    named === undefined || `${one}.`.startsWith(`${named}.`);
  const seen = await seenBy(door, seeing, admitted, isMeant);
  if (seen.shown?.length === 0) {
    const isEmpty = named === undefined && (await isOpenSomewhere(door, principal, seeing));
    if (!isEmpty) await askDoor(door, principal, { ...seeing, namespace: named ?? null });
  }
  return seen;
}

/** Returns who asks with what they see of the namespaces that are meant. */
async function seenBy(
  door: Door,
  seeing: Omit<DoorQuestion, 'namespace'>,
  admitted: Admitted,
  isMeant: (namespace: string) => boolean,
): Promise<Admitted> {
  const { principal, view } = admitted;
  const all = await view.namespaces();
  const shown = await door.openIn(principal, seeing, all.filter(isMeant));
  // A namespace that comes to be while the list is made is seen by who sees all there are.
  const isAll =
    shown.length === all.length && (await door.openIn(principal, seeing, [null])).length > 0;
  return isAll ? admitted : { ...admitted, view: view.limitedTo(shown), shown };
}

/** Returns the tenant with what of `resource` whoever asks may see. */
export async function viewOf(
  door: Door,
  resource: ResourceType,
  request: FastifyRequest,
  admitted: Admitted,
): Promise<TenantView> {
  const seeing = questionOf({ action: 'view', resource }, request, admitted);
  return (await seenBy(door, seeing, admitted, () => true)).view;
}

/** Asks what can be asked before the content of a request is read; returns who asks with what they see. */
export async function askBeforeReading(
  door: Door,
  route: Route,
  request: FastifyRequest,
  admitted: Admitted,
): Promise<Admitted> {
  const { access } = route;
  if (access.kind !== 'asked') return admitted;
  if (access.isListed === true) return askForList(door, access, request, admitted);
  if (access.isAskedForEach === true || access.targetOf !== undefined) return admitted;
  if (access.isAnywhere === true) await askAnywhere(door, route, request, admitted);
  else await askAbout(door, route, request, admitted);
  return admitted;
}

async function askAnywhere(
  door: Door,
  route: Route,
  request: FastifyRequest,
  admitted: Admitted,
): Promise<void> {
  if (route.access.kind !== 'asked') return;
  const question = questionOf(route.access, request, admitted);
  if (await isOpenSomewhere(door, admitted.principal, question)) return;
  await askAbout(door, route, request, admitted);
}

async function targetsOf(targetOf: TargetReader, read: ReadRequest): Promise<readonly Target[]> {
  return [await targetOf(read)].flat();
}

/** Asks about everything that the content of a request names. */
export async function askAfterReading(
  door: Door,
  route: Route,
  request: FastifyRequest,
  admitted: Admitted,
  read: ReadRequest,
): Promise<void> {
  if (route.access.kind !== 'asked' || route.access.targetOf === undefined) return;
  const targets = await targetsOf(route.access.targetOf, read).catch(async (error: unknown) => {
    // That there is no such thing is told only to who may do it to those there are.
    const isMissing = error instanceof Failure && catalogue[error.code].status === 404;
    if (isMissing) await askAbout(door, route, request, admitted);
    throw error;
  });
  for (const target of targets) await askAbout(door, route, request, admitted, target);
  if (targets.length === 0) await askAnywhere(door, route, request, admitted);
}

/**
 * Returns why an answer that is still being sent has to end: what it was asked for with is worth nothing
 * any more, or whoever asked may not any more; undefined while it may go on.
 */
export async function reasonToEnd(
  authenticator: Authenticator,
  door: Door,
  route: Route,
  request: FastifyRequest,
  admitted: Admitted,
): Promise<Failure | undefined> {
  const { principal, credential, view } = admitted;
  if (credential === undefined) return undefined;
  const now = await authenticator.known(principal, credential);
  if (now === undefined || now.tenant !== principal.tenant) {
    return new Failure(
      'identity.wrong',
      'what the request was proven with is worth nothing any more',
    );
  }
  if (route.access.kind !== 'asked') return undefined;
  const { executionId } = request.params as Readonly<Record<string, string>>;
  const record = executionId === undefined ? undefined : await view.record(executionId);
  const { namespace, ...question } = fullQuestion(route.access, request, admitted, record);
  if ((await door.openIn(now, question, [namespace])).length > 0) return undefined;
  return new Failure('access.denied', `\`${question.action}\` is not allowed any more`);
}
