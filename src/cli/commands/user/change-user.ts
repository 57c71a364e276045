/** `sluice user create`, `invite`, `disable`, `roles`, `reset`. */
import type { RoleBinding } from '../../../core/policy/index.ts';
import type { IdentityDesk } from '../../../app/identity-desk.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

function rolesOf(call: Call): readonly RoleBinding[] {
  return call.texts('role').map((text) => {
    const [role = '', namespace = '*'] = text.split('@');
    if (!/^[a-z][a-z0-9-]{0,49}$/.test(role) || role === 'local-owner') {
      throw usageFailure(`\`${role}\` is no role`);
    }
    return { role, namespace };
  });
}

function linkOf(call: Call, { environment }: Surroundings, secret: string): string {
  const url = call.text('url') ?? environment['SLUICE_SERVER_URL'] ?? 'http://127.0.0.1:8080';
  return `${url.replace(/\/+$/, '')}/invite#${secret}`;
}

function atDesk<T>(
  call: Call,
  surroundings: Surroundings,
  use: (desk: IdentityDesk) => Promise<T>,
): Promise<T> {
  return withApplication(call, surroundings, async (application) =>
    use(await application.identity()),
  );
}

/** Creates a user. */
export const createUser: Perform = async (call, surroundings) => {
  const [name = ''] = call.args;
  const mail = call.text('mail');
  const roles = rolesOf(call);
  const { user, secret } = await atDesk(call, surroundings, (desk) =>
    desk.createUser(name, { roles, ...(mail !== undefined && { mail }) }),
  );
  const url = linkOf(call, surroundings, secret);
  const sentence = `created ${user.name}; the link works once, for a week:\n  ${url}`;
  printDone(call, surroundings, sentence, { ...user, url });
  return exitCodes.success;
};

function printingLink(purpose: 'invitation' | 'reset', sentence: string): Perform {
  return async (call, surroundings) => {
    const [name = ''] = call.args;
    const secret = await atDesk(call, surroundings, (desk) => desk.link(name, purpose));
    const url = linkOf(call, surroundings, secret);
    printDone(call, surroundings, `${sentence}\n  ${url}`, { name, url });
    return exitCodes.success;
  };
}

/** Prints another invitation. */
export const inviteUser = printingLink('invitation', 'the link works once, for a week:');

/** Prints a link by which a user begins anew. */
export const resetUser = printingLink('reset', 'the link works once, for a day:');

/** Disables a user, or lets them in again. */
export const disableUser: Perform = async (call, surroundings) => {
  const [name = ''] = call.args;
  const isDisabled = !call.has('undo');
  const user = await atDesk(call, surroundings, (desk) => desk.setDisabled(name, isDisabled));
  printDone(call, surroundings, `${user.name} is ${isDisabled ? 'disabled' : 'enabled'}`, {
    ...user,
  });
  return exitCodes.success;
};

/** Sets the roles of a user. */
export const setRoles: Perform = async (call, surroundings) => {
  const [name = ''] = call.args;
  const roles = rolesOf(call);
  const user = await atDesk(call, surroundings, (desk) => desk.setRoles(name, roles));
  const names = user.roles.map(({ role, namespace }) => `${role}@${namespace}`).join(', ');
  const sentence = `${user.name} is ${names === '' ? 'without a role' : names}`;
  printDone(call, surroundings, sentence, { ...user });
  return exitCodes.success;
};
