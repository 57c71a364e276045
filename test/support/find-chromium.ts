/** The browser that tests look with: the one that the machine has. */
import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Returns the path of Chromium; throws a sentence that says how to get it. */
export function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  const found = [...(named === undefined ? [] : [named]), ...places].find((path) =>
    existsSync(path),
  );
  if (found !== undefined) return found;
  throw new Error(
    'these tests look with Chromium, and there is none: run `apt-get update && apt-get install -y chromium`, or name one with CHROMIUM_PATH',
  );
}
