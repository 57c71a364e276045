/** Who sends a request and whether they may: asked before a route runs, and answered with one refusal each. */
import { Failure } from '../../core/failure/index.ts';
import type { Principal } from '../../core/policy/index.ts';
import type { Authenticated, Authenticator, RequestFacts } from '../../ports/authenticator.ts';
import type { Door, DoorQuestion } from '../../ports/door.ts';

function refusal(authenticated: Extract<Authenticated, { isKnown: false }>): Failure {
  switch (authenticated.reason) {
    case 'missing':
      return new Failure('identity.missing', 'the request does not say who sends it');
    case 'wrong':
      return new Failure('identity.wrong', 'the name, password, session or token is wrong');
    case 'forged':
      return new Failure('access.denied', 'the request does not come from a page of this server', {
        help: 'send `X-Forgery-Token` as signing in gave it, or use a token instead of a cookie',
      });
    case 'locked':
      return new Failure('identity.locked', 'too many attempts failed', {
        details: { retryAfterMs: authenticated.retryAfterMs ?? 60_000 },
      });
  }
}

/** Somebody who is known, with what it was proven. */
export type Known = Extract<Authenticated, { isKnown: true }>;

/** Returns who sends a request; throws `identity.…` when that is not known. */
export async function authenticate(
  authenticator: Authenticator,
  facts: RequestFacts,
): Promise<Known> {
  const authenticated = await authenticator.authenticate(facts);
  if (!authenticated.isKnown) throw refusal(authenticated);
  return authenticated;
}

/** Throws `access.denied` when `principal` may not, `identity.step-up-needed` or `access.reason-needed` when that is all it takes, `request.not-found` when it may not even know. */
export async function askDoor(
  door: Door,
  principal: Principal,
  question: DoorQuestion,
  opensApproval = false,
): Promise<void> {
  const told = await door.ask(principal, question);
  if (told.isOpen) return;
  if (told.isHidden) throw new Failure('request.not-found', 'there is nothing here');
  const needs = told.needs.filter((one) => !opensApproval || one !== 'approval');
  // What people have to agree to is asked of them by the route.
  if (told.needs.length > 0 && needs.length === 0) return;
  if (needs.length > 0) {
    const isOnly = (kind: string): boolean =>
      needs.every((one) => one === kind || one === 'reason');
    const details = { needs };
    if (needs.includes('step-up') && isOnly('step-up')) {
      throw new Failure('identity.step-up-needed', told.reason, { details });
    }
    if (isOnly('reason')) throw new Failure('access.reason-needed', told.reason, { details });
    throw new Failure('access.denied', told.reason, { details });
  }
  throw new Failure('access.denied', told.reason);
}
