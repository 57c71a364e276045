/** `sluice policy format`. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../../../core/failure/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { readLocalText } from '../../read-local-file.ts';
import { openBench } from './open-bench.ts';

/** Lays policy files out. */
export const formatPolicies: Perform = async (call, surroundings) => {
  const { out, err, workingFolder } = surroundings;
  const bench = await openBench(surroundings);
  const isJson = call.text('output') === 'json';
  const differing: string[] = [];
  for (const file of call.args) {
    const text = await readLocalText(file, surroundings);
    const formatted = await bench.format(text);
    if (formatted === undefined) {
      throw new Failure('policy.invalid', `\`${file}\` is no Cedar text`, {
        help: 'see what is wrong with `sluice policy validate`',
      });
    }
    if (file === '-' && !call.has('check') && !isJson) out.write(formatted);
    if (formatted === text) continue;
    differing.push(file);
    if (file !== '-' && !call.has('check'))
      await writeFile(resolve(workingFolder, file), formatted);
  }
  if (isJson) out.write(json({ [call.has('check') ? 'differing' : 'changed']: differing }));
  else if (!call.has('quiet')) {
    for (const file of differing) {
      if (file !== '-') err.write(`${call.has('check') ? 'differs' : 'wrote'} ${file}\n`);
    }
  }
  return call.has('check') && differing.length > 0 ? exitCodes.failed : exitCodes.success;
};
