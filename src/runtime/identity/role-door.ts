/** The door of a server without policies: administrators may, nobody else. Fails closed. */
import { rolesAt } from '../../core/policy/index.ts';
import type { Door } from '../../ports/door.ts';

/** Returns a door that is open for those who hold the role `admin` where they ask. */
export function createRoleDoor(): Door {
  return {
    async ask(principal, { namespace, action }) {
      if (rolesAt(principal, namespace).includes('admin')) return { isOpen: true };
      return { isOpen: false, isHidden: false, reason: `\`${action}\` needs the role \`admin\`` };
    },
  };
}
