/**
 * What governed workflows of a shop need, capability by capability: covered, partly, or not yet.
 * `docs/reference/capabilities.md` is generated from it.
 */
import type { CapabilityRow } from './capabilities/capability-row.ts';
import { frameworkRows } from './capabilities/framework-rows.ts';
import { platformRows } from './capabilities/platform-rows.ts';
import { securityRows } from './capabilities/security-rows.ts';

export type { CapabilityRow } from './capabilities/capability-row.ts';

/** Every capability that work has reached, in the order of the page. */
export const capabilities: readonly CapabilityRow[] = [
  ...frameworkRows,
  ...securityRows,
  ...platformRows,
];
