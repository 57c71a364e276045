/**
 * What the pages of identity share: elements by their id, requests to this server, and what went wrong in
 * words for people.
 *
 * INVARIANT: text from the server becomes text of the page, never HTML.
 */

/** An answer of the server. */
export interface Told {
  readonly isGood: boolean;
  readonly status: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Returns the element of an id; the page has it. */
export function part<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found as T;
}

/** Returns what stands in a field. */
export function valueOf(id: string): string {
  return part<HTMLInputElement>(id).value;
}

/** Says something to the person, in the place for it. */
export function tell(kind: 'problem' | 'done', text: string): void {
  const told = part('told');
  told.className = kind;
  told.textContent = text;
  told.hidden = text === '';
}

/** Marks the field that is wrong and goes there; without one, marks none. */
export function pointAt(id?: string): void {
  for (const field of document.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
  if (id === undefined) return;
  const field = part(id);
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', 'told');
  field.focus();
}

/** Sends JSON to this server; an answer that does not come is an answer too. */
export async function send(method: string, path: string, body?: object): Promise<Told> {
  try {
    const answered = await fetch(path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answered.text();
    const isJson = answered.headers.get('content-type')?.includes('json') === true;
    const document = isJson && text !== '' ? JSON.parse(text) : {};
    return { isGood: answered.ok, status: answered.status, document };
  } catch {
    return { isGood: false, status: 0, document: {} };
  }
}

const sentences: Readonly<Record<string, string>> = {
  'identity.wrong': 'The name, the password or the code is wrong.',
  'identity.setup-refused':
    'This link is wrong, older than a day, or was used. Start the server again: it prints another one.',
  'identity.link-refused':
    'This link is wrong, too old, or was used. Ask whoever sent it for another one.',
  'identity.proof-refused': 'This is not right. Use the code that the app shows just now.',
  'identity.name-taken': 'This name is taken. Choose another one.',
  'identity.name-invalid': 'A name has up to 100 characters, no spaces and no colon.',
};

function textIn(document: Told['document'], name: string): string {
  const value = document[name];
  return typeof value === 'string' ? value : '';
}

/** Returns what went wrong, in a sentence. */
export function sentenceOf({ status, document }: Told): string {
  if (status === 0) return 'The server does not answer. Try again in a moment.';
  const code = textIn(document, 'code');
  const known = sentences[code];
  if (known !== undefined) return known;
  if (status === 429) {
    const seconds = Math.ceil(Number(document['retryAfterMs'] ?? 1_000) / 1_000);
    const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
    return `Too many attempts failed. Try again in ${wait}.`;
  }
  const message = textIn(document, 'message') || 'something went wrong';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** Has a form do `act`, once at a time, instead of being sent. */
export function onSubmit(form: HTMLFormElement, act: () => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void once(form, act);
  });
}

/** Does `act` with all buttons of a place at rest meanwhile. */
export async function once(place: HTMLElement, act: () => Promise<void>): Promise<void> {
  const buttons = [...place.querySelectorAll('button')];
  if (place.getAttribute('aria-busy') === 'true') return;
  place.setAttribute('aria-busy', 'true');
  for (const button of buttons) button.disabled = true;
  try {
    tell('problem', '');
    pointAt();
    await act();
  } catch {
    // A passkey that the person put away, or a browser that does not let them.
    tell('problem', 'This was not completed. Try again, or use another way.');
  } finally {
    place.removeAttribute('aria-busy');
    for (const button of buttons) button.disabled = false;
  }
}
