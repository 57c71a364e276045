/** `sluice ledger witness`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';

/** Cosigns a checkpoint of another ledger, or tells the key of the witness. */
export const witnessLedger: Perform = async (call, surroundings) => {
  const { out, err } = surroundings;
  const [checkpoint, proofFile] = [call.text('checkpoint'), call.text('proof')];
  const isJson = call.text('output') === 'json';
  if (checkpoint === undefined) {
    const witnessKey = await withApplication(call, surroundings, async ({ ledger }) =>
      ledger.witnessKey(),
    );
    out.write(isJson ? json({ witnessKey }) : `${witnessKey}\n`);
    return exitCodes.success;
  }
  const logKeys = call.texts('log-vkey');
  if (logKeys.length === 0) {
    throw usageFailure(
      'option `--log-vkey` is missing',
      'a witness must know the key of the ledger; `sluice ledger checkpoint` tells it there',
    );
  }
  const note = await readLocalText(checkpoint, surroundings);
  const proof = proofFile === undefined ? undefined : await readLocalText(proofFile, surroundings);
  const cosigned = await withApplication(call, surroundings, ({ ledger }) =>
    ledger.cosign({ logKeys, note, ...(proof === undefined ? {} : { proof }) }),
  );
  if (isJson) out.write(json(cosigned));
  else {
    out.write(cosigned.cosignature);
    if (!call.has('quiet')) err.write(`key: ${cosigned.witnessKey}\n`);
  }
  return exitCodes.success;
};
