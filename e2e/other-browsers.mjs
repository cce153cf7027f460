import { existsSync, readdirSync } from 'node:fs';
import { installDebian, isDebianRoot, onPath, runs } from './find-program.mjs';

/**
 * A browser beside Chromium that some tests run in.
 * @typedef {object} OtherBrowser
 * @property {string} name
 * @property {string} variable Of the environment, that names its program.
 * @property {() => string | undefined} find
 * @property {string[]} packages Debian's.
 */

/** WebKitGTK's own small browser, which Debian's library brings along, off the PATH, in a folder of the machine's kind. */
function findMiniBrowser() {
  const hasScreen = onPath(['Xvfb']).some(existsSync);
  const folders = existsSync('/usr/lib') && hasScreen ? readdirSync('/usr/lib') : [];
  return folders.map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`).find(existsSync);
}

const MAC_FIREFOX = '/Applications/Firefox.app/Contents/MacOS/firefox';

/** @type {OtherBrowser[]} */
const OTHERS = [
  {
    name: 'Firefox',
    variable: 'FIREFOX_PATH',
    find: () =>
      [...onPath(['firefox-esr', 'firefox']), MAC_FIREFOX].find((path) => existsSync(path) && runs(path)),
    packages: ['firefox-esr'],
  },
  {
    name: 'WebKitGTK',
    variable: 'MINIBROWSER_PATH',
    find: findMiniBrowser,
    packages: ['libwebkit2gtk-4.1-0', 'xvfb'],
  },
];

/**
 * The programs of the browsers beside Chromium by their variables, installed now where Debian's packages can be. What is
 * missing then is left out, and said.
 * @returns {Record<string, string>}
 * @throws In CI, where nothing may be left out.
 */
export function findOtherBrowsers() {
  return Object.fromEntries(
    OTHERS.flatMap((browser) => {
      const path = process.env[browser.variable] ?? browser.find() ?? installed(browser);
      if (path) console.log(`${browser.name}: ${path}`);
      return path ? [[browser.variable, path]] : [];
    }),
  );
}

/** @param {OtherBrowser} browser */
function installed({ name, variable, find, packages }) {
  try {
    if (isDebianRoot()) {
      console.log(`${name}: none found; installing Debian's ${packages.join(' and ')}.`);
      installDebian(packages);
    }
  } catch (error) {
    console.error(error);
  }
  const path = find();
  if (path) return path;
  const missing = `${name}: NOT FOUND. Install ${packages.join(' and ')}, or set ${variable}.`;
  if (process.env.CI) throw new Error(missing);
  console.error(`\n${missing} The tests that also run in ${name} are LEFT OUT there.\n`);
  return undefined;
}
