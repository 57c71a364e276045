/** Writes the page that says which capabilities there are, from the data that the tests check. */
import { capabilities, type CapabilityRow } from '../../test/scenarios/capabilities.ts';
import type { GeneratedFile } from './generated-file.ts';
import { generatedNote, table } from './markdown.ts';

const statusTexts = { covered: 'covered', partly: 'partly', 'not-yet': 'not yet' } as const;

function proofLinks({ proofs = [] }: CapabilityRow): string {
  return proofs
    .map((path) => `[${path.slice(path.lastIndexOf('/') + 1)}](../../${path})`)
    .join(', ');
}

function section(area: string, rows: readonly CapabilityRow[]): string {
  const cells = rows.map((row) => [
    row.id,
    row.what,
    statusTexts[row.status],
    row.missing ?? '',
    proofLinks(row),
  ]);
  const head = ['id', 'capability', 'here', 'what is missing', 'proven by'];
  return [`## ${area}\n`, table(head, cells)].join('\n');
}

/** Returns `docs/reference/capabilities.md`. */
export function capabilityPage(): GeneratedFile {
  const areas = [...new Set(capabilities.map((row) => row.area))];
  const count = (status: CapabilityRow['status']): number =>
    capabilities.filter((row) => row.status === status).length;
  return {
    path: 'docs/reference/capabilities.md',
    content: [
      generatedNote('test/scenarios/capabilities.ts'),
      '# What governed workflows need\n',
      `${count('covered')} covered, ${count('partly')} partly, ${count('not-yet')} not yet. A capability that is covered, or partly, names the tests that prove it; they cite its id.\n`,
      ...areas.map((area) =>
        section(
          area,
          capabilities.filter((row) => row.area === area),
        ),
      ),
    ].join('\n'),
  };
}
