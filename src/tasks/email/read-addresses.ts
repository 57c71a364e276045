/**
 * Addresses as they are written in one text: `ada@example.org; "Doe, Jane" <jane@example.org>`, separated by
 * `;` or `,`. What is between quotes or angle brackets is never taken apart.
 */
import { Failure } from '../../core/failure/index.ts';
import type { MailAddress } from '../../ports/mailer.ts';

const addressForm = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,253}$/;
const named = /^(?<name>"[^"]*"\s*|[^"<>]*)<(?<address>[^<>]*)>$/;
// oxlint-disable-next-line no-control-regex -- what would begin another header
const controls = /[\u0000-\u001f\u007f\u2028\u2029]/;

function* partsOf(list: string): Generator<string> {
  let part = '';
  let isQuoted = false;
  for (const letter of list) {
    if (letter === '"') isQuoted = !isQuoted;
    if (!isQuoted && (letter === ';' || letter === ',')) {
      yield part;
      part = '';
    } else part += letter;
  }
  yield part;
}

function nameIn(text: string): string {
  const name = text.trim();
  return name.startsWith('"') ? name.slice(1, -1) : name;
}

/** Returns the addresses in `list`, a text of the property `property`; throws `task.input-invalid`. */
export function readAddresses(property: string, list = ''): MailAddress[] {
  const addresses: MailAddress[] = [];
  for (const part of partsOf(list)) {
    const text = part.trim();
    if (text === '') continue;
    const { name = '', address = text } = named.exec(text)?.groups ?? {};
    if (controls.test(text) || !addressForm.test(address)) {
      const shown = text.replaceAll(new RegExp(controls, 'g'), ' ').slice(0, 100);
      throw new Failure('task.input-invalid', `\`${shown}\` in \`${property}\` is no address`, {
        help: 'write addresses like `ada@example.org` or `Ada <ada@example.org>`, separated by `;`',
        isRetryable: false,
      });
    }
    const shown = nameIn(name);
    addresses.push(shown === '' ? { address } : { name: shown, address });
  }
  return addresses;
}

/** Returns how many addresses a list of them holds, whether or not each is one. */
export function countAddresses(list = ''): number {
  let count = 0;
  for (const part of partsOf(list)) if (part.trim() !== '') count += 1;
  return count;
}

/** Returns the domains of the addresses in `lists`, in lower case, once each; what is no address has none. */
export function domainsIn(lists: readonly (string | undefined)[]): readonly string[] {
  const domains = new Set<string>();
  for (const list of lists) {
    for (const part of partsOf(list ?? '')) {
      const text = part.trim();
      const { address = text } = named.exec(text)?.groups ?? {};
      if (addressForm.test(address)) domains.add(address.split('@')[1]?.toLowerCase() ?? '');
    }
  }
  return [...domains].toSorted();
}
