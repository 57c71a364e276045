/**
 * Fills the YAML fences of documents from files that the tests execute, so that no example in a page
 * can be wrong. A page says `<!-- example: docs/examples/hello.yaml -->` on a line of its own; the
 * fence after it is written here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';
import { fence } from './markdown.ts';

const marker = /^<!-- example: (\S+) -->\n+(?:(`{3,})yaml\n[\s\S]*?^\2\n)?/gm;

/** Returns `page` with the fence after each marker filled; `read` gives the text of an example. */
export function fillFences(page: string, read: (path: string) => string): string {
  return page.replace(
    marker,
    (_, path: string) => `<!-- example: ${path} -->\n\n${fence('yaml', read(path))}`,
  );
}

function pages(root: string): readonly string[] {
  const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('reference'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...atRoot, ...documents].toSorted();
}

/** Returns every document below `root` that shows examples, with its fences filled. */
export function filledPages(root: string): readonly GeneratedFile[] {
  const filled: GeneratedFile[] = [];
  for (const path of pages(root)) {
    const page = readFileSync(join(root, path), 'utf8');
    if (!page.includes('<!-- example: ')) continue;
    const content = fillFences(page, (example) => {
      if (!existsSync(join(root, example))) {
        throw new Error(`\`${path}\` shows \`${example}\`, which does not exist`);
      }
      return readFileSync(join(root, example), 'utf8');
    });
    filled.push({ path, content });
  }
  return filled;
}
