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
      return new Failure('identity.wrong', 'the name, password or token is wrong');
    case 'locked':
      return new Failure('identity.locked', 'too many attempts failed', {
        details: { retryAfterMs: authenticated.retryAfterMs ?? 60_000 },
      });
  }
}

/** Returns who sends a request; throws `identity.…` when that is not known. */
export async function authenticate(
  authenticator: Authenticator,
  facts: RequestFacts,
): Promise<Principal> {
  const authenticated = await authenticator.authenticate(facts);
  if (!authenticated.isKnown) throw refusal(authenticated);
  return authenticated.principal;
}

/** Throws `access.denied` when `principal` may not, `request.not-found` when it may not even know. */
export async function askDoor(
  door: Door,
  principal: Principal,
  question: DoorQuestion,
): Promise<void> {
  const told = await door.ask(principal, question);
  if (told.isOpen) return;
  if (told.isHidden) throw new Failure('request.not-found', 'there is nothing here');
  throw new Failure('access.denied', told.reason);
}
