/**
 * The constants of SHA-2: the first 64 bits of the fractions of square and cube roots of primes.
 * Calculated, so that no table of digits has to be trusted.
 */

function primes(count: number): readonly bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate += 1n) {
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  }
  return found;
}

/** Returns the whole part of the `degree`-th root of `value`. */
function rootOf(value: bigint, degree: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(value.toString(2).length / Number(degree)) + 1);
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

function fractions(count: number, degree: bigint): readonly bigint[] {
  return primes(count).map((prime) => BigInt.asUintN(64, rootOf(prime << (64n * degree), degree)));
}

/** Returns the fractions of the square roots of the first eight primes. */
export function squareRootFractions(): readonly bigint[] {
  return fractions(8, 2n);
}

/** Returns the fractions of the cube roots of the first eighty primes. */
export function cubeRootFractions(): readonly bigint[] {
  return fractions(80, 3n);
}

/** Returns the upper 32 bits as a signed word. */
export function highWord(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

/** Returns the lower 32 bits as a signed word. */
export function lowWord(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
