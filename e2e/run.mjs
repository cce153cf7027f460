// Runs the browser tests with whatever browsers there are: `node e2e/run.mjs [Playwright's arguments]`.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { findChromium } from './chromium.mjs';
import { findOtherBrowsers } from './other-browsers.mjs';

const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
const args = [playwright, 'test', '--config', 'e2e/playwright.config.ts', ...process.argv.slice(2)];
const env = { ...process.env, CHROME_PATH: findChromium(), ...findOtherBrowsers() };
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
