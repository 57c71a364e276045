/** The front door of runtime/identity: who somebody is, as far as a server needs it to begin with. */
export {
  createFirstAdministrator,
  type FirstAdministrator,
  type TokenRecord,
} from './first-administrator.ts';
export { createRoleDoor } from './role-door.ts';
