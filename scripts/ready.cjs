/*
 * Makes a fresh clone ready: installs what package-lock.json names when node_modules does not hold it,
 * and makes sure that the pinned Node is really there. Every npm script calls it first, so `npm test`
 * works as the first command ever. Plain CommonJS, because any Node runs it before there is TypeScript.
 * INVARIANT: when everything is in place it prints nothing, starts no process and changes nothing.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.dirname(__dirname);
const nodeMajorMin = 20;

/** Ends the process with one sentence for people. */
function refuse(sentence) {
  process.stderr.write(`sluice: ${sentence}\n`);
  process.exit(1);
}

function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages || {};
  } catch {
    return undefined;
  }
}

/** Returns the first package that is missing or of another version, or undefined when all is installed. */
function missingPackage(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  if (wanted === undefined) refuse('package-lock.json cannot be read; check out the file again');
  // npm writes this file last, so its content tells what a finished installation left behind.
  const installed = packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules';
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '' || entry.link) continue;
    const found = installed[place];
    // Optional packages for other platforms are rightly absent.
    if (found === undefined && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (found === undefined || found.version !== entry.version) return place;
    if (entry.integrity && found.integrity && entry.integrity !== found.integrity) return place;
  }
  return undefined;
}

/** Returns the environment for npm: without our own .bin folder, whose Node is about to be replaced. */
function environmentForNpm(folder) {
  const own = path.join(folder, 'node_modules');
  const entries = (process.env.PATH || '').split(path.delimiter);
  const outside = entries.filter((entry) => !entry.startsWith(own));
  return { ...process.env, PATH: outside.join(path.delimiter) };
}

/** Runs npm, the one that started us where there is one; gives its exit code. */
function npm(folder, ...words) {
  const started = process.env.npm_execpath;
  const isNpm =
    started !== undefined && /npm-cli\.[cm]?js$/.test(started) && fs.existsSync(started);
  const command = isNpm ? [process.env.npm_node_execpath || process.execPath, started] : ['npm'];
  const ran = spawnSync(command[0], [...command.slice(1), ...words], {
    cwd: folder,
    env: environmentForNpm(folder),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (ran.error) refuse(`npm cannot be started (${ran.error.message}); install npm and try again`);
  return ran.status === null ? 1 : ran.status;
}

/** Tells whether npm scripts will find the pinned Node, and find a program there. */
function hasPinnedNode(folder) {
  const file = path.join(folder, 'node_modules', '.bin', 'node');
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).size > 0;
  } catch {
    return false;
  }
}

/** Runs the installer step of the `node` package, which npm leaves out when scripts are disabled. */
function installPinnedNode(folder) {
  const home = path.join(folder, 'node_modules', 'node');
  process.stderr.write('sluice: npm ran no install scripts; fetching the pinned Node …\n');
  const ran = spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: home,
    env: { ...environmentForNpm(folder), npm_config_loglevel: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const link = path.join(folder, 'node_modules', '.bin', 'node');
  if (ran.status === 0 && fs.existsSync(path.join(home, 'bin', 'node')) && !fs.existsSync(link)) {
    // npm links only programs that are there when it installs.
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join('..', 'node', 'bin', 'node'), link);
  }
  if (ran.status === 0 && hasPinnedNode(folder)) return;
  refuse(
    'the pinned Node is missing, because npm was not allowed to run the install script of the package `node`; ' +
      'allow it (`npm approve-scripts node` or `npm config delete ignore-scripts`) and run `npm rebuild node`',
  );
}

function makeReady(folder) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < nodeMajorMin) {
    refuse(
      `Node ${process.versions.node} is too old to set Sluice up; install Node ${nodeMajorMin} or later ` +
        '(the Node that Sluice itself runs on is fetched by npm)',
    );
  }
  const missing = missingPackage(folder);
  if (missing !== undefined) {
    const place = path.join(folder, 'node_modules');
    if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) {
      // npm would empty the folder behind the link, which others may be using.
      refuse(`node_modules is a link and lacks \`${missing}\`; run \`npm ci\` where it points to`);
    }
    process.stderr.write('sluice: installing what package-lock.json names (npm ci) …\n');
    const code = npm(folder, 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    if (code !== 0) refuse(`npm ci ended with exit code ${code}; mend what it says and try again`);
  }
  if (!hasPinnedNode(folder)) installPinnedNode(folder);
}

if (require.main === module) makeReady(root);
else module.exports = { hasPinnedNode, missingPackage };
