// Runs the browser tests with whatever Chromium there is: `node e2e/run.mjs [Playwright's arguments]`.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { findChromium } from './chromium.mjs';

const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
const args = [playwright, 'test', '--config', 'e2e/playwright.config.ts', ...process.argv.slice(2)];
const env = { ...process.env, CHROME_PATH: findChromium() };
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
