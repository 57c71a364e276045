/**
 * The page that an export can be: it verifies itself when it is opened, shows each entry with its
 * verdict, and lets the reader search. It has no network and no memory beyond the file.
 */
import {
  canCheckSignatures,
  type CheckedEntry,
  type CheckedExport,
  checkExport,
} from './check-export.ts';
import { textPieces } from './visible-text.ts';

const pageRows = 100;

interface Shown {
  checked: CheckedExport;
  matching: readonly CheckedEntry[];
  page: number;
}

const shown: Shown = {
  checked: { statement: undefined, entries: [], reason: undefined },
  matching: [],
  page: 0,
};

function part<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no part ${id}`);
  return found as E;
}

/** Returns an element with text in it, hidden characters made visible. */
function element(tag: string, text = '', className = '', isBlock = false): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  for (const piece of textPieces(text, isBlock)) {
    if (!piece.isHidden) made.append(piece.text);
    else {
      const mark = document.createElement('mark');
      mark.textContent = piece.text;
      mark.title = 'a character that would not show';
      made.append(mark);
    }
  }
  return made;
}

const icons = { valid: '✓', erased: '○', broken: '✕', unknown: '?' } as const;
type Standing = keyof typeof icons;

function badge(standing: Standing, word: string = standing): HTMLElement {
  const made = element('span', '', `badge ${standing}`);
  const icon = element('span', icons[standing], 'icon');
  icon.setAttribute('aria-hidden', 'true');
  made.append(icon, word);
  return made;
}

function timeText(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function readablePayload(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not every payload is JSON; the others are shown letter by letter.
    return text;
  }
}

function pair(term: string, value: HTMLElement | string, className = ''): HTMLElement {
  const row = element('div', '', 'pair');
  const description = document.createElement('dd');
  description.append(typeof value === 'string' ? element('span', value, className) : value);
  row.append(element('dt', term), description);
  return row;
}

function details({
  header,
  headerText,
  leaf,
  payloads,
  erased,
  reason,
}: CheckedEntry): HTMLElement {
  const box = element('div', '', 'details');
  if (reason !== undefined) box.append(element('p', reason, 'reason'));
  for (const { group, text } of payloads) {
    box.append(element('h3', payloads.length > 1 ? `Payload: ${group}` : 'Payload'));
    box.append(element('pre', readablePayload(text), '', true));
  }
  for (const group of erased) {
    box.append(
      element(
        'p',
        `The payload “${group}” was erased or left out. Its commitment is part of the header, so it cannot be replaced by another.`,
        'note',
      ),
    );
  }
  const list = document.createElement('dl');
  if (header !== undefined && header.subjects.length > 0) {
    list.append(pair('Subjects', header.subjects.join(', '), 'mono'));
  }
  list.append(pair('Leaf', leaf, 'mono'));
  box.append(list, element('h3', 'Header, as it was hashed'), element('pre', headerText, 'wrap'));
  return box;
}

function entryItem(entry: CheckedEntry): HTMLElement {
  const { seq, verdict, header } = entry;
  const item = document.createElement('details');
  item.className = 'entry';
  const summary = document.createElement('summary');
  const when = document.createElement('time');
  when.textContent = header === undefined ? '' : timeText(header.at).slice(0, -4);
  summary.append(
    element('span', seq === 0 ? '' : `${seq}`, 'seq'),
    element('span', header?.type ?? 'unreadable', 'type'),
    element('span', header?.stream ?? '', 'stream'),
    element('span', header?.actor ?? '', 'actor'),
    when,
    badge(verdict),
  );
  item.append(summary);
  // Made when it is opened: most entries never are.
  item.addEventListener('toggle', () => {
    if (item.open && item.childElementCount === 1) item.append(details(entry));
  });
  return item;
}

function showRows(): void {
  const { matching, page } = shown;
  const pages = Math.max(1, Math.ceil(matching.length / pageRows));
  const from = page * pageRows;
  part('rows').replaceChildren(...matching.slice(from, from + pageRows).map(entryItem));
  part('empty').hidden = matching.length > 0;
  part('found').textContent =
    matching.length === 1 ? '1 entry' : `${matching.length.toLocaleString('en')} entries`;
  part('place').textContent = `Page ${page + 1} of ${pages}`;
  part('pager').hidden = pages === 1;
  part<HTMLButtonElement>('before').disabled = page === 0;
  part<HTMLButtonElement>('after').disabled = page === pages - 1;
}

function searchText({ headerText, payloads, reason = '' }: CheckedEntry): string {
  return [headerText, reason, ...payloads.map(({ text }) => text)].join('\n').toLowerCase();
}

function search(): void {
  const words = part<HTMLInputElement>('search').value.toLowerCase().split(/\s+/);
  const wanted = part<HTMLSelectElement>('verdicts').value;
  shown.matching = shown.checked.entries.filter((entry) => {
    if (wanted !== '' && entry.verdict !== wanted) return false;
    if (words.every((word) => word === '')) return true;
    const text = searchText(entry);
    return words.every((word) => text.includes(word));
  });
  shown.page = 0;
  showRows();
}

function turnPage(by: number): void {
  shown.page += by;
  showRows();
  part('entries').scrollIntoView({ block: 'start' });
}

function showVerdict(standing: Standing, title: string, text: string): void {
  const banner = part('verdict');
  banner.className = `verdict ${standing}`;
  const icon = element('span', icons[standing], 'icon');
  icon.setAttribute('aria-hidden', 'true');
  const words = document.createElement('div');
  words.append(element('h2', title), element('p', text));
  banner.replaceChildren(icon, words);
  document.title = `${title} – ledger export`;
}

function showStatement({ statement }: CheckedExport): void {
  const list = part('statement');
  if (statement === undefined) {
    list.replaceChildren();
    return;
  }
  const { checkpoint, from, to, count, stream, at, verifierKey } = statement;
  const root = Array.from(checkpoint.root, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const witnesses = checkpoint.signatures.filter(({ key }) => key.kind === 'cosignature');
  list.replaceChildren(
    pair('Ledger', checkpoint.origin, 'mono'),
    pair(
      'Entries',
      `${count}, from ${from} to ${to}${stream === null ? '' : `, of the stream ${stream} only`}`,
    ),
    pair('Checkpoint', `${checkpoint.size} entries`),
    pair('Root', root, 'mono'),
    pair('Exported', timeText(at)),
    pair('Key it names', verifierKey, 'mono'),
    ...(witnesses.length === 0
      ? []
      : [pair('Cosigned by', witnesses.map(({ key }) => key.name).join(', '), 'mono')]),
  );
}

function judge(checked: CheckedExport, isTrusted: boolean): void {
  const { entries, reason } = checked;
  const bad = entries.filter(({ verdict }) => verdict === 'broken');
  const erased = entries.filter(({ verdict }) => verdict === 'erased').length;
  if (checked.statement === undefined) {
    showVerdict('broken', 'Broken', `${reason ?? 'The export cannot be read'}. No entry is shown.`);
    return;
  }
  if (bad.length > 0 || reason !== undefined) {
    const first = bad[0]?.reason ?? reason ?? '';
    const more = bad.length > 1 ? ` ${bad.length} entries do not hold.` : '';
    showVerdict('broken', 'Broken', `First: ${first}.${more}`);
    return;
  }
  const under = isTrusted
    ? 'Signed under the key that you named.'
    : 'Signed under the key that the file names itself: compare it with one that you have from elsewhere.';
  if (erased > 0) {
    const sentence = `All is as it was sealed; payloads of ${erased} ${erased === 1 ? 'entry' : 'entries'} were erased or left out. ${under}`;
    showVerdict('erased', 'Valid, with erased payloads', sentence);
  } else showVerdict('valid', 'Valid', `Every entry is as it was sealed. ${under}`);
}

async function verify(): Promise<void> {
  const button = part<HTMLButtonElement>('again');
  button.disabled = true;
  showVerdict('unknown', 'Verifying', 'Hashing entries and checking signatures.');
  // Read again each time: what somebody altered on the page is what is checked.
  const text = part('export').textContent;
  const lines = text.split('\n').filter((line) => line !== '');
  const key = part<HTMLInputElement>('key').value.trim();
  if (!(await canCheckSignatures())) {
    showVerdict(
      'unknown',
      'Not verified',
      'This browser cannot check Ed25519 signatures. Use a current Chromium, Firefox or Safari, or “sluice ledger verify” with the export as lines of JSON.',
    );
    return;
  }
  const total = lines.length - 1;
  const checked = await checkExport(lines, key === '' ? undefined : [key], (done) => {
    showVerdict('unknown', 'Verifying', `${done} of ${total} entries.`);
  });
  shown.checked = checked;
  showStatement(checked);
  judge(checked, key !== '');
  search();
  button.disabled = false;
}

function begin(): void {
  part('trust').addEventListener('submit', (event) => {
    event.preventDefault();
    void verify();
  });
  part('search').addEventListener('input', search);
  part('verdicts').addEventListener('change', search);
  part('before').addEventListener('click', () => turnPage(-1));
  part('after').addEventListener('click', () => turnPage(1));
  void verify();
}

begin();
