/** A data folder with people of different roles, each with a view of their own, and policies in force. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { System, TenantView } from '../../src/app/application.ts';
import { openSystem } from '../../src/app/create-application.ts';
import { localOwner } from '../../src/app/principals.ts';
import type { Principal } from '../../src/core/policy/index.ts';
import type { Principals } from '../../src/ports/principals.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { root, setOf } from './policy-world.ts';

/** Returns the role that a text names: `operator`, or `operator in shop`. */
function roleOf(text: string): Principal['roles'][number] {
  const [role = '', namespace = '*'] = text.split(' in ');
  return { role, namespace };
}

/** Who there is: a handle, with roles, and those they act for. */
export const people: Readonly<Record<string, Partial<Principal> & { roles: Principal['roles'] }>> =
  Object.fromEntries(
    Object.entries({
      rita: ['operator', 'ml-governance'],
      ada: ['approver', 'ml-governance'],
      ben: ['approver', 'ml-governance'],
      cleo: ['approver', 'ml-governance'],
      dora: ['approver', 'ml-governance'],
      olaf: ['operator'],
      vera: ['viewer'],
      cora: ['controller', 'approver'],
      nora: ['operator in shop'],
    }).map(([name, roles]) => [name, { roles: roles.map(roleOf) }]),
  );

/** What is no person: who owns it, and what it may do. */
const machines: Readonly<Record<string, Partial<Principal> & Pick<Principal, 'kind'>>> = {
  'agent:ada': { kind: 'agent', onBehalfOf: ['ada'] },
  'account:ben': { kind: 'service-account', onBehalfOf: ['ben'] },
};

/** Returns the principal of a name, as they prove who they are at this moment. */
export function principalOf(name: string): Principal {
  const machine = Object.hasOwn(machines, name) ? machines[name] : undefined;
  return {
    kind: 'user',
    id: name,
    tenant: 'main',
    roles: people[name]?.roles ?? machineRoles,
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
    ...machine,
  };
}

const machineRoles = ['operator', 'approver'].map((role) => ({ role, namespace: '*' }));

const principals: Principals = {
  async find(tenant, handle) {
    if (handle === 'user:local') return localOwner(tenant, handle);
    if (!Object.hasOwn(people, handle) && !Object.hasOwn(machines, handle)) return undefined;
    return { ...principalOf(handle), authentication: { factors: [], freshness: 'old' } };
  },
};

/** A policy that lets everybody with a role do what the tests do. */
export const everybody = `
@id("all.may") @title("Everybody may")
permit (principal, action, resource) when { principal.roles.containsAny(["operator", "approver", "ml-governance", "controller", "local-owner"]) };
`;

const someCase = `cases:
  - title: an operator logs
    principal: {id: olga, roles: [operator]}
    action: run:core.log.Log
    expect: allow
`;

/** A data folder with people in it. */
export interface ApprovalWorld {
  readonly system: System;
  as(name: string): TenantView;
  /** Puts policies in force, with the test cases that show them. */
  enforce(text: string, cases?: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a data folder; the same again when it is named. */
export async function openApprovalWorld(
  options: {
    readonly dataFolder?: string;
    readonly store?: Store;
    readonly clock?: Clock;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<ApprovalWorld & { readonly dataFolder: string }> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'approvals-'));
  const system = await openSystem({
    dataFolder,
    environment: options.environment ?? {},
    actor: 'user:local',
    principals,
    ...(options.store !== undefined && { store: options.store }),
    ...(options.clock !== undefined && { clock: options.clock }),
  });
  const as = (name: string): TenantView =>
    system.view({ tenant: 'main', actor: name, principal: principalOf(name) });
  return {
    dataFolder,
    system,
    as,
    async enforce(text, cases = '') {
      const desk = await system.view({ tenant: 'main', actor: 'user:local' }).policies();
      const { version } = await desk.propose(
        setOf(text, { tests: [{ path: 'a.tests.yaml', text: `${someCase}${cases}` }] }),
        {
          reason: 'for the test',
        },
      );
      await desk.activate(version.version);
    },
    async close() {
      await system.close();
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Returns a flow of the plan. */
export function planFlow(name: string): string {
  return readFileSync(join(root, 'test/scenarios/plan', `${name}.yaml`), 'utf8');
}
