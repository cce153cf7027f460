import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { installDebian, isDebianRoot, must, onPath, runs } from './find-program.mjs';

/** The first is Chromium without a window and all that belongs to one. */
const NAMES = [
  'chromium-headless-shell',
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

/** A Chromium that stands on this machine already. */
function installed() {
  const apps = MAC_APPS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  return [...NAMES.flatMap((name) => onPath([name])), ...apps, chromium.executablePath()].find(
    (path) => existsSync(path) && runs(path),
  );
}

/** Puts a Chromium on this machine: Debian's package when we are root there, else Playwright's own. */
function install() {
  if (isDebianRoot()) {
    console.log('Chromium: none found; installing Debian’s packages.');
    try {
      installDebian(['chromium-headless-shell']);
    } catch (error) {
      // Older releases have it in the other package only.
      console.error(error);
      installDebian(['chromium']);
    }
  } else {
    console.log("Chromium: none found; installing Playwright's.");
    must('npx', ['playwright', 'install', 'chromium']);
  }
}

/**
 * The path of a Chromium that starts, and one line on the console that says which: CHROME_PATH, one on PATH (or
 * macOS's app), Playwright's own, or one installed now.
 * @returns {string}
 */
export function findChromium() {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (!runs(given)) throw new Error(`CHROME_PATH is ${given}, which does not start.`);
    console.log(`Chromium: ${given} (CHROME_PATH)`);
    return given;
  }
  let path = installed();
  if (!path) {
    install();
    path = installed();
  }
  if (!path) throw new Error('No Chromium could be found or installed. Set CHROME_PATH.');
  console.log(`Chromium: ${path}`);
  return path;
}
