/**
 * Kills a working system at random moments and says what was lost: `npm run kill-test -- --kills 1000
 * [--seed n]`. The folder stays when something is wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killAgainAndAgain } from '../test/simulation/kill/kill-run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sluice-kills-'));
const began = performance.now();
const report = await killAgainAndAgain({
  kills,
  seed,
  folder,
  onProgress(count) {
    if (count % 50 === 0) console.log(`${count} kills, ${seconds()} s`);
  },
});
function seconds(): number {
  return Math.round((performance.now() - began) / 1_000);
}
const { troubles, ...numbers } = report;
console.log(JSON.stringify({ ...numbers, seconds: seconds(), troubles: troubles.length }));
if (troubles.length === 0) {
  if (values.folder === undefined) rmSync(folder, { recursive: true });
} else {
  for (const trouble of troubles.slice(0, 50)) console.error(trouble);
  console.error(`what is left: ${folder}`);
  console.error(`repeat with: npm run kill-test -- --kills ${kills} --seed ${seed}`);
  process.exitCode = 1;
}
