/** The front door of runtime/identity: who somebody is, how they prove it, and what they may open. */
export {
  type Account,
  type Accounts,
  type IssuedToken,
  type Scope,
  type Token,
  tokenId,
  tokenLifetimeMaxMs,
} from './accounts.ts';
export { mayUseCookies, originsOf, readCookie, setCookie } from './cookies.ts';
export { createIdentity, type Identity } from './create-identity.ts';
export type { IdentityParts, ProviderRules } from './identity-parts.ts';
export { createPolicyDoor, type DoorParts } from './policy-door.ts';
export type { Kept } from './records.ts';
export {
  forgeryToken,
  type Origin,
  type Session,
} from './sessions.ts';
export { usualSessionRules } from './session-rules.ts';
export { hasSecondFactor, type ShownFactors, type SignedIn } from './sign-in.ts';
export type { Group, TenantRole, User, UserDraft } from './users.ts';
