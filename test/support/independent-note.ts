/**
 * A second reading of C2SP's signed notes, checkpoints and cosignatures, written from the
 * specifications with Node's own functions and with nothing of ours. It opens what we sign.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';

function publicKey(raw: Buffer) {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
}

/** Returns the names of those among `vkeys` whose signature of `note` holds; throws where one is wrong. */
export function openIndependently(
  note: string,
  vkeys: readonly string[],
): { text: string; names: readonly string[]; times: readonly number[] } {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('no note');
  const text = note.slice(0, split + 1);
  const names: string[] = [];
  const times: number[] = [];
  for (const line of note
    .slice(split + 2)
    .trimEnd()
    .split('\n')) {
    if (!line.startsWith('\u2014 ')) throw new Error('no signature line');
    const [name, encoded] = line.slice(2).split(' ');
    const blob = Buffer.from(encoded ?? '', 'base64');
    for (const vkey of vkeys) {
      const plus = vkey.indexOf('+');
      const id = vkey.slice(plus + 1, plus + 9);
      const material = Buffer.from(vkey.slice(plus + 10), 'base64');
      const owner = vkey.slice(0, plus);
      const expected = createHash('sha256').update(`${owner}\n`).update(material).digest();
      if (expected.subarray(0, 4).toString('hex') !== id) throw new Error('wrong key id');
      if (owner !== name || blob.subarray(0, 4).toString('hex') !== id) continue;
      const isCosignature = material[0] === 4;
      const rest = blob.subarray(4);
      const time = isCosignature ? rest.readBigUInt64BE(0) : 0n;
      const message = isCosignature ? `cosignature/v1\ntime ${time}\n${text}` : text;
      const signature = isCosignature ? rest.subarray(8) : rest;
      if (!verify(null, Buffer.from(message), publicKey(material.subarray(1)), signature)) {
        throw new Error(`wrong signature of ${name}`);
      }
      names.push(owner);
      if (isCosignature) times.push(Number(time));
    }
  }
  return { text, names, times };
}
