/** Writes the page that says what of the language is covered, from the data that the tests check. */
import { type CompatibilityRow, compatibility } from '../../test/scenarios/compatibility.ts';
import type { GeneratedFile } from './generated-file.ts';
import { code, generatedNote, table } from './markdown.ts';

const statusTexts = { covered: 'covered', 'not-yet': 'not yet', different: 'different' } as const;

function section(area: string, rows: readonly CompatibilityRow[]): string {
  const cells = rows.map((row) => [
    code(row.id),
    row.what,
    statusTexts[row.status],
    row.reason ?? '',
  ]);
  return [`## ${area}\n`, table(['point', 'what the language says', 'here', 'why'], cells)].join(
    '\n',
  );
}

/** Returns `docs/reference/compatibility.md`. */
export function compatibilityPage(): GeneratedFile {
  const areas = [...new Set(compatibility.map((row) => row.area))];
  const count = (status: CompatibilityRow['status']): number =>
    compatibility.filter((row) => row.status === status).length;
  return {
    path: 'docs/reference/compatibility.md',
    content: [
      generatedNote('test/scenarios/compatibility.ts'),
      '# Compatibility of the language\n',
      `${count('covered')} covered, ${count('different')} different on purpose, ${count('not-yet')} not yet.\n`,
      ...areas.map((area) =>
        section(
          area,
          compatibility.filter((row) => row.area === area),
        ),
      ),
    ].join('\n'),
  };
}
