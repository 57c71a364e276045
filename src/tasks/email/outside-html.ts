/**
 * Text from outside in HTML: shown as the text it is. Only line breaks stay what they are, since `nl2br` has
 * made them of the text.
 *
 * INVARIANT: no part from outside begins an element or ends an attribute; what the flow itself wrote stays.
 */
import type { TextPart } from '../../ports/task-context.ts';

const special: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Returns `text` with every tag but `<br>` as text; what is escaped already is not escaped twice. */
function shownAsText(text: string): string {
  return text.replaceAll(/<br ?\/?>|[<>"']/g, (found) => special[found] ?? found);
}

/** Returns `html` with its parts from outside shown as text. */
export function showOutsideAsText(html: string, parts: readonly TextPart[]): string {
  let shown = '';
  let from = 0;
  for (const { start, end } of parts) {
    shown += html.slice(from, start) + shownAsText(html.slice(start, end));
    from = end;
  }
  return shown + html.slice(from);
}
