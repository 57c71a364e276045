/*
 * Loaded before the program, and again in each of its worker threads: turns on the cache of compiled
 * code, shortens the search for imported files and, when the package lies under node_modules, strips the
 * types of its TypeScript files, which Node refuses to do there. In a clone Node strips them itself.
 * INVARIANT: cached code is only read from a folder that no other user can write to.
 */
'use strict';

const fs = require('node:fs');
const nodeModule = require('node:module');
const os = require('node:os');
const path = require('node:path');

const root = path.dirname(__dirname);

/** Returns a folder for cached code, or undefined where there is no safe one. */
function cacheFolder() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  try {
    const home = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
    const folder = path.join(home, 'sluice');
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(folder);
    return uid === process.getuid() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined; // A read-only home costs the cache and nothing else.
  }
}

/** Returns `source` without its types; Node's note that the function is experimental is left out. */
function strip(source) {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return nodeModule.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Returns the stripped `source`, from `folder` when it was stripped before. */
function stripOnce(source, folder) {
  if (folder === undefined) return strip(source);
  const { hash } = require('node:crypto');
  const file = path.join(folder, `${hash('sha256', source, 'hex')}.js`);
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    const stripped = strip(source);
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Written aside and renamed, so that another process never reads half a file.
      fs.writeFileSync(`${file}.${process.pid}`, stripped, { mode: 0o600 });
      fs.renameSync(`${file}.${process.pid}`, file);
    } catch {
      return stripped; // A full disk costs the cache and nothing else.
    }
    return stripped;
  }
}

const cache = cacheFolder();
if (cache !== undefined) nodeModule.enableCompileCache(path.join(cache, 'compiled'));

// A relative import of a module names its file exactly, so there is nothing to search: leaving out the
// looks at the disk that Node takes to be sure saves a sixth of the process start. What `require` and
// bare names mean stays Node's affair.
const formats = { '.ts': 'module-typescript', '.js': undefined };
nodeModule.registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL, conditions } = context;
    const isRelative = specifier.startsWith('./') || specifier.startsWith('../');
    const ending = specifier.slice(-3);
    if (!isRelative || !conditions.includes('import') || !Object.hasOwn(formats, ending)) {
      return nextResolve(specifier, context);
    }
    return { url: new URL(specifier, parentURL).href, format: formats[ending], shortCircuit: true };
  },
});

if (root.split(path.sep).includes('node_modules')) {
  const { fileURLToPath, pathToFileURL } = require('node:url');
  const ours = `${pathToFileURL(path.join(root, 'src')).href}/`;
  const stripped = cache && path.join(cache, `stripped-${process.version}`);
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(ours) || !url.endsWith('.ts')) return nextLoad(url, context);
      const source = stripOnce(fs.readFileSync(fileURLToPath(url), 'utf8'), stripped);
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
