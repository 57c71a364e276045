/** Which private hosts the configuration lets the system reach. */

/** Returns hosts and address ranges that may be reached although they are private. */
export function privateHosts(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const text = environment['SLUICE_ALLOW_PRIVATE_HOSTS'] ?? '';
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
