/**
 * Makes an export one page that verifies itself: entries, verifier, looks, all in one file that works
 * without network.
 *
 * INVARIANT: what the entries hold cannot become part of the page: it stands in a block that browsers
 * do not read as HTML, without any `<`, and only the script and style whose hashes the page names run.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../core/failure/index.ts';
import type { LedgerExport } from '../runtime/sealer/index.ts';

/** The most entries a browser is asked to hold. */
const entriesMax = 50_000;

function generated(name: string): string {
  return readFileSync(new URL(`../../generated/${name}`, import.meta.url), 'utf8');
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Returns a line of JSON in which no `<` stands; in JSON it means the same. */
function embedded(line: string): string {
  return line.replaceAll('<', '\\u003c');
}

/** Returns the page of an export, in pieces; throws `ledger.too-large`. */
export async function* exportPage({ count, lines }: LedgerExport): AsyncGenerator<string> {
  if (count > entriesMax) {
    throw new Failure('ledger.too-large', `a page holds ${entriesMax} entries, not ${count}`);
  }
  const script = generated('ledger-page.js').replaceAll('</', '<\\/');
  const style = generated('ledger-page.css');
  const rules = [
    "default-src 'none'",
    `script-src ${hashSource(script)}`,
    `style-src ${hashSource(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Ledger export</title>
<style>${style}</style>
</head>
<body>
${generated('ledger-page.html')}<script type="application/x-ndjson" id="export">
`;
  for await (const line of lines) yield embedded(line);
  yield `</script>
<script>${script}</script>
</body>
</html>
`;
}
