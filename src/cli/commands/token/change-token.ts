/** `sluice token list`, `create`, `rotate`, `revoke`. */
import { parseDuration } from '../../../core/flow/index.ts';
import type { IdentityDesk } from '../../../app/identity-desk.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone, printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

function atDesk<T>(
  call: Call,
  surroundings: Surroundings,
  use: (desk: IdentityDesk) => Promise<T>,
): Promise<T> {
  return withApplication(call, surroundings, async (application) =>
    use(await application.identity()),
  );
}

function durationOf(call: Call, option: string, byDefault: string): number {
  const ms = parseDuration(call.text(option) ?? byDefault);
  if (ms !== undefined && ms >= 0) return ms;
  throw usageFailure(`option \`--${option}\` is no ISO duration like P90D`);
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Lists the tokens. */
export const listTokens: Perform = async (call, surroundings) => {
  const found = await atDesk(call, surroundings, (desk) => desk.tokens());
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'ID', text: ({ id }) => id },
      { title: 'NAME', text: ({ name }) => name, isFlexible: true },
      { title: 'OWNER', text: ({ owner }) => owner },
      { title: 'EXPIRES', text: ({ expiresAt }) => day(expiresAt) },
      { title: 'USED', text: ({ usedAt }) => (usedAt === null ? 'never' : day(usedAt)) },
    ],
    nothing: 'there are no tokens',
  });
  return exitCodes.success;
};

/** Issues a token. */
export const createToken: Perform = async (call, surroundings) => {
  const [owner = ''] = call.args;
  const actions = call.texts('action');
  const made = await atDesk(call, surroundings, (desk) =>
    desk.createToken(owner, {
      name: call.text('name') ?? 'command line',
      lifetimeMs: durationOf(call, 'lifetime', 'P90D'),
      actions: actions.length === 0 ? ['*'] : actions,
    }),
  );
  printDone(call, surroundings, made.secret, { ...made });
  return exitCodes.success;
};

/** Rotates a token. */
export const rotateToken: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const times = {
    overlapMs: durationOf(call, 'overlap', 'PT24H'),
    lifetimeMs: durationOf(call, 'lifetime', 'P90D'),
  };
  const made = await atDesk(call, surroundings, (desk) => desk.rotateToken(id, times));
  printDone(call, surroundings, made.secret, { ...made });
  return exitCodes.success;
};

/** Revokes a token. */
export const revokeToken: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  await atDesk(call, surroundings, (desk) => desk.revokeToken(id));
  printDone(call, surroundings, `revoked ${id}`, { id });
  return exitCodes.success;
};
